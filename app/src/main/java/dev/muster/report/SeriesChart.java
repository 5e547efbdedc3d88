package dev.muster.report;

import com.samskivert.mustache.Escapers;
import dev.muster.timeline.SeriesFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster measured, as one SVG under the time axis of {@link Chart}: a panel for each name
 * of {@code series.json}, and one for the alerts. A panel without data is not drawn. Static, like
 * all of the report.
 */
final class SeriesChart {
  private static final int PANEL = 76;
  private static final int ROW = 18;
  private static final int GAP = 40;
  private static final int TOP = 26;
  private static final int COLOURS = 10;
  private static final int LETTER = 7;

  /** How a series is drawn. */
  private enum Form {
    /** Good at 1 and bad below it, a row for each. */
    STATE,
    LINES
  }

  /**
   * @param scale from the value to what the axis shows
   * @param most of the axis at least
   */
  private record Panel(String name, Form form, double scale, double most) {}

  private static final List<Panel> PANELS =
      List.of(
          new Panel("node_ready", Form.STATE, 1, 1),
          new Panel("node_cpu", Form.LINES, 1, 1),
          new Panel("node_memory", Form.LINES, 1.0 / (1L << 30), 1),
          new Panel("pods_ready", Form.LINES, 1, 1),
          new Panel("requests_running", Form.LINES, 1, 1),
          new Panel("requests_waiting", Form.LINES, 1, 1),
          new Panel("kv_cache", Form.LINES, 100, 1),
          new Panel("etcd_leader", Form.STATE, 1, 1),
          new Panel("etcd_proposals", Form.LINES, 1, 1));

  private final ReportModel report;
  private final Optional<SeriesFile> file;
  private final TimeAxis axis;
  private final Words words;
  private final StringBuilder svg = new StringBuilder();
  private final double zero;
  private int y = TOP;

  private SeriesChart(ReportModel report, Optional<SeriesFile> file, TimeAxis axis, Words words) {
    this.report = report;
    this.file = file;
    this.axis = axis;
    this.words = words;
    Instant start =
        report.fault() != null
            ? report.fault().at()
            : Objects.requireNonNullElse(
                report.loadStarted(), file.map(SeriesFile::from).orElse(Instant.EPOCH));
    zero = start.toEpochMilli() / 1000.0;
  }

  /** Empty where nothing was measured and no alert fired. */
  static String svg(ReportModel report, Optional<SeriesFile> file, TimeAxis axis, Words words) {
    return new SeriesChart(report, file, axis, words).draw();
  }

  private String draw() {
    alerts();
    for (Panel panel : PANELS) {
      List<SeriesFile.Line> lines =
          file.map(SeriesFile::series).orElse(List.of()).stream()
              .filter(l -> l.name().equals(panel.name))
              .filter(l -> l.points().stream().anyMatch(p -> axis.shows(p.second() - zero)))
              .toList();
      if (!lines.isEmpty()) {
        switch (panel.form) {
          case STATE -> states(panel, lines);
          case LINES -> lines(panel, lines);
        }
      }
    }
    if (svg.isEmpty()) {
      return "";
    }
    timeAxis();
    return String.format(
            Locale.ROOT,
            "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
            TimeAxis.WIDTH,
            y + 4,
            html(words.of("series")))
        + window()
        + svg
        + "</svg>";
  }

  private void alerts() {
    var byName = new TreeMap<String, List<AlertRow>>();
    for (AlertRow alert : report.alerts()) {
      if (alert.firedSince() != null) {
        byName.computeIfAbsent(alert.name(), _ -> new ArrayList<>()).add(alert);
      }
    }
    if (byName.isEmpty()) {
      return;
    }
    title("alerts");
    byName.forEach((name, alerts) -> {
      // a name is longer than the margin: it stands in the row itself
      for (AlertRow a : alerts) {
        double from = Math.max(-axis.before(), Objects.requireNonNull(a.firedSince()));
        double to = a.resolvedSince() == null ? axis.end() : a.resolvedSince();
        state("bad", from, Math.min(axis.end(), to), name + " " + a.labels());
      }
      add(
          "<text class=\"tick\" x=\"%d\" y=\"%d\">%s</text>",
          TimeAxis.LEFT + 4, y + ROW - 6, html(name));
      y += ROW;
    });
    y += GAP;
  }

  private void states(Panel panel, List<SeriesFile.Line> lines) {
    title(panel.name);
    double step = file.orElseThrow().step().toSeconds();
    for (SeriesFile.Line line : lines) {
      String label = label(line);
      add(
          "<text class=\"tick\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
          TimeAxis.LEFT - 6, y + ROW - 6, html(shortened(label)));
      var points = line.points();
      for (int i = 0; i < points.size(); ) {
        boolean good = points.get(i).value() >= 1;
        int last = i;
        while (last + 1 < points.size()
            && (points.get(last + 1).value() >= 1) == good
            && points.get(last + 1).second() - points.get(last).second() <= 2 * step) {
          last++;
        }
        state(
            good ? "ok" : "bad",
            Math.max(-axis.before(), points.get(i).second() - zero),
            Math.min(axis.end(), points.get(last).second() + step - zero),
            label);
        i = last + 1;
      }
      y += ROW;
    }
    y += GAP;
  }

  private void state(String kind, double from, double to, String label) {
    if (to > from) {
      add(
          "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s, %.0f–%.0f s</title></rect>",
          kind, axis.x(from), y, axis.x(to) - axis.x(from), ROW - 4, html(label), from, to);
    }
  }

  private void lines(Panel panel, List<SeriesFile.Line> lines) {
    title(panel.name);
    double peak =
        lines.stream()
            .flatMap(l -> l.points().stream())
            .mapToDouble(p -> p.value() * panel.scale)
            .max()
            .orElse(0);
    double max = Chart.nice(Math.max(peak, panel.most));
    for (double value : new double[] {0, max / 2, max}) {
      double at = height(value, max);
      add(
          "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
          TimeAxis.LEFT, TimeAxis.WIDTH - TimeAxis.RIGHT, at, at);
      add(
          "<text class=\"tick\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
          TimeAxis.LEFT - 6, at + 4, Chart.tick(value));
    }
    int colour = 0;
    for (SeriesFile.Line line : lines) {
      add(
          "<path class=\"line l%d\" d=\"%s\"><title>%s</title></path>",
          colour++ % COLOURS, path(line, panel.scale, max), html(label(line)));
    }
    legend(lines);
    y += PANEL + GAP;
  }

  /** A line with holes where nothing was measured. */
  private String path(SeriesFile.Line line, double scale, double max) {
    double step = file.orElseThrow().step().toSeconds();
    var path = new StringBuilder();
    SeriesFile.@Nullable Point before = null;
    for (SeriesFile.Point p : line.points()) {
      if (axis.shows(p.second() - zero)) {
        boolean pen = before != null && p.second() - before.second() <= 2 * step;
        path.append(
            String.format(
                Locale.ROOT,
                "%s%.1f %.1f",
                pen ? "L" : "M",
                axis.x(p.second() - zero),
                height(p.value() * scale, max)));
        before = p;
      }
    }
    return path.toString();
  }

  private double height(double value, double max) {
    return y + PANEL - PANEL * Math.clamp(value / max, 0, 1);
  }

  /** Who is who, on the line of the title; what finds no room is told by its own line's title. */
  private void legend(List<SeriesFile.Line> lines) {
    List<String> labels = lines.stream().map(l -> shortened(label(l))).toList();
    int x = TimeAxis.WIDTH - TimeAxis.RIGHT;
    for (int i = labels.size() - 1; i >= 0; i--) {
      x -= labels.get(i).length() * LETTER + 24;
      if (x < TimeAxis.WIDTH / 3) {
        return;
      }
      add(
          "<rect class=\"chip l%d\" x=\"%d\" y=\"%d\" width=\"10\" height=\"10\"/><text class=\"tick\""
              + " x=\"%d\" y=\"%d\">%s</text>",
          i % COLOURS, x, y - 15, x + 14, y - 6, html(labels.get(i)));
    }
  }

  private static String label(SeriesFile.Line line) {
    return String.join(" ", new TreeMap<>(line.labels()).values());
  }

  /** The last two parts tell pods of one workload apart. */
  private static String shortened(String label) {
    String[] parts = label.split("-", -1);
    return label.length() <= 12 || parts.length < 3
        ? label
        : "…" + parts[parts.length - 2] + "-" + parts[parts.length - 1];
  }

  private void title(String name) {
    add(
        "<text class=\"title\" x=\"%d\" y=\"%d\">%s</text>",
        TimeAxis.LEFT, y - 6, html(words.of("series", name)));
  }

  private String window() {
    var fault = report.fault();
    if (fault == null) {
      return "";
    }
    double end = fault.seconds() == null ? axis.end() : Math.min(fault.seconds(), axis.end());
    return String.format(
        Locale.ROOT,
        "<rect class=\"fault\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s</title></rect>%n",
        axis.x(0),
        4,
        Math.max(1, axis.x(end) - axis.x(0)),
        y - 24,
        html(words.of("chart.fault")));
  }

  private void timeAxis() {
    y -= GAP - 24;
    for (int t : axis.ticks().toArray()) {
      add(
          "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
          axis.x(t), axis.x(t), y - 20, y - 15);
      add(
          "<text class=\"tick\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d s</text>",
          axis.x(t), y - 1, t);
    }
  }

  private static String html(String text) {
    return Escapers.HTML.escape(text);
  }

  @SuppressWarnings("AnnotateFormatMethod") // a dependency for one annotation is too much
  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
