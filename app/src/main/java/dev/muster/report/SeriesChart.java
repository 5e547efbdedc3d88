package dev.muster.report;

import com.samskivert.mustache.Escapers;
import dev.muster.timeline.MeasuredSeries;
import dev.muster.timeline.file.SeriesFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster measured, and the load generator of itself, under the time axis of {@link
 * Chart}: a panel for each name of {@code series.json}, and one for the alerts. A panel without
 * data is not drawn. Each is an SVG of its own, so that a page of paper ends between two of them.
 * Static, like all of the report.
 */
final class SeriesChart {
  private static final int PANEL = 76;
  private static final int ROW = 28;
  private static final int BAR = 9;
  private static final int TOP = 26;
  private static final int LEGEND = 17;
  private static final int KEY = 22;
  private static final int LETTER = 8;

  private final List<AlertRow> alerts;
  private final ReportModel.@Nullable FaultWindow fault;
  private final Optional<SeriesFile> file;
  private final TimeAxis axis;
  private final Messages messages;
  private final StringBuilder svg = new StringBuilder();
  private final double zero;
  private int y = TOP;

  private SeriesChart(
      List<AlertRow> alerts,
      ReportModel.@Nullable FaultWindow fault,
      Instant start,
      Optional<SeriesFile> file,
      TimeAxis axis,
      Messages messages) {
    this.alerts = alerts;
    this.fault = fault;
    this.file = file;
    this.axis = axis;
    this.messages = messages;
    zero = start.toEpochMilli() / 1000.0;
  }

  /** Empty where nothing was measured and no alert fired. */
  static String svg(
      ReportModel report, Optional<SeriesFile> file, TimeAxis axis, Messages messages) {
    Instant start =
        report.fault() != null
            ? report.fault().at()
            : Objects.requireNonNullElse(
                report.loadStarted(), file.map(SeriesFile::from).orElse(Instant.EPOCH));
    return new SeriesChart(report.alerts(), report.fault(), start, file, axis, messages).draw();
  }

  /** Of a load without a fault; seconds count from the file's first. */
  static String svg(SeriesFile file, TimeAxis axis, Messages messages) {
    return new SeriesChart(List.of(), null, file.from(), Optional.of(file), axis, messages).draw();
  }

  private String draw() {
    var figures = new StringBuilder(alerts());
    for (MeasuredSeries panel : MeasuredSeries.ALL) {
      List<SeriesFile.Line> lines =
          file.map(SeriesFile::series).orElse(List.of()).stream()
              .filter(l -> l.name().equals(panel.name()))
              .filter(l -> l.points().stream().anyMatch(p -> axis.shows(p.second() - zero)))
              .toList();
      if (!lines.isEmpty()) {
        figures.append(
            figure(
                panel.title(messages.language()),
                () -> {
                  switch (panel.form()) {
                    case STATE -> states(lines);
                    case LINES -> lines(panel, lines);
                  }
                }));
      }
    }
    return figures.toString();
  }

  /** An SVG with its own axis: what is drawn goes down from {@link #y} and leaves it below. */
  private String figure(String words, Runnable drawing) {
    svg.setLength(0);
    y = TOP;
    String title = html(words);
    add("<text class=\"title\" x=\"%d\" y=\"%d\">%s</text>", TimeAxis.LEFT, y - 10, title);
    drawing.run();
    return String.format(
            Locale.ROOT,
            "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
            TimeAxis.WIDTH,
            y + 28,
            title)
        + window()
        + svg
        + axis.svg(y)
        + "</svg>\n";
  }

  private String alerts() {
    var byName = new TreeMap<String, List<AlertRow>>();
    for (AlertRow alert : alerts) {
      if (alert.firedSince() != null) {
        byName.computeIfAbsent(alert.name(), _ -> new ArrayList<>()).add(alert);
      }
    }
    return byName.isEmpty()
        ? ""
        : figure(messages.of("series.alerts"), () -> byName.forEach(this::alerts));
  }

  private void alerts(String name, List<AlertRow> alerts) {
    name(name);
    for (AlertRow a : alerts) {
      double from = Math.max(-axis.before(), Objects.requireNonNull(a.firedSince()));
      double to = a.resolvedSince() == null ? axis.end() : a.resolvedSince();
      state("bad", from, Math.min(axis.end(), to), name + " " + a.labels());
    }
    y += ROW;
  }

  private void states(List<SeriesFile.Line> lines) {
    double step = file.orElseThrow().step().toSeconds();
    for (SeriesFile.Line line : lines) {
      String label = label(line);
      name(label);
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
  }

  /** Above its row: a name is longer than the margin, and on a bar nobody could read it. */
  private void name(String name) {
    add("<text class=\"tick\" x=\"%d\" y=\"%d\">%s</text>", TimeAxis.LEFT, y + 10, html(name));
  }

  private void state(String kind, double from, double to, String label) {
    if (to > from) {
      add(
          "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s, %.0f–%.0f"
              + " s</title></rect>",
          kind, axis.x(from), y + 14, axis.x(to) - axis.x(from), BAR, html(label), from, to);
    }
  }

  private void lines(MeasuredSeries panel, List<SeriesFile.Line> lines) {
    legend(lines);
    double peak =
        lines.stream()
            .flatMap(l -> l.points().stream())
            .mapToDouble(p -> p.value() * panel.scale())
            .max()
            .orElse(0);
    double max = Chart.nice(Math.max(peak, panel.most()));
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
          "<path class=\"line c%d\" d=\"%s\"/>",
          colour++ % PhaseBar.COLOURS, path(line, panel.scale(), max));
    }
    values(panel, lines);
    y += PANEL;
  }

  private void values(MeasuredSeries panel, List<SeriesFile.Line> lines) {
    var at = new TreeMap<Double, StringBuilder>();
    for (SeriesFile.Line line : lines) {
      for (SeriesFile.Point p : line.points()) {
        double since = p.second() - zero;
        if (axis.shows(since)) {
          at.computeIfAbsent(since, t -> new StringBuilder(String.format(Locale.ROOT, "%.0f s", t)))
              .append("\n" + label(line) + ": " + Summary.number(p.value() * panel.scale()));
        }
      }
    }
    double width = axis.x((double) file.orElseThrow().step().toSeconds()) - axis.x(0);
    at.forEach((since, values) ->
        svg.append(Hover.strip(axis.x(since) - width / 2, width, y, y + PANEL, values.toString())));
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

  /** Who is who, in as many rows as it takes: paper has nothing to point at. */
  private void legend(List<SeriesFile.Line> lines) {
    int x = TimeAxis.LEFT;
    for (int i = 0; i < lines.size(); i++) {
      String label = shortened(label(lines.get(i)));
      int width = label.length() * LETTER + KEY + 20;
      if (x > TimeAxis.LEFT && x + width > TimeAxis.WIDTH - TimeAxis.RIGHT) {
        x = TimeAxis.LEFT;
        y += LEGEND;
      }
      add(
          "<path class=\"line c%d\" d=\"M%d %dh%d\"/><text class=\"tick\" x=\"%d\""
              + " y=\"%d\">%s</text>",
          i % PhaseBar.COLOURS, x, y + 4, KEY, x + KEY + 6, y + 8, html(label));
      x += width;
    }
    y += LEGEND + 2;
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

  private String window() {
    if (fault == null) {
      return "";
    }
    double end = fault.seconds() == null ? axis.end() : Math.min(fault.seconds(), axis.end());
    return String.format(
        Locale.ROOT,
        "<rect class=\"fault\" x=\"%.1f\" y=\"%d\" width=\"%.1f\""
            + " height=\"%d\"><title>%s</title></rect>%n",
        axis.x(0),
        TOP - 4,
        Math.max(1, axis.x(end) - axis.x(0)),
        y - TOP + 4,
        html(messages.of("chart.fault")));
  }

  private static String html(String text) {
    return Escapers.HTML.escape(text);
  }

  @SuppressWarnings("AnnotateFormatMethod") // a dependency for one annotation is too much
  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
