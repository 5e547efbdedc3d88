package dev.muster.report;

import com.samskivert.mustache.Escapers;
import dev.muster.load.stats.Series;
import dev.muster.timeline.Event;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.recovery.Recovery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What clients felt over time, as one SVG: answers and errors a second, time to first token, active
 * streams, on one axis of seconds since the fault, with the fault's window and the milestones drawn
 * in. Static and without a script, so that it prints, opens offline and is the same each time.
 */
final class Chart {
  private static final int WIDTH = TimeAxis.WIDTH;
  private static final int LEFT = TimeAxis.LEFT;
  private static final int RIGHT = TimeAxis.RIGHT;
  private static final int PANEL = 120;
  private static final int GAP = 34;
  private static final int MARK = 17;

  private final ReportModel.@Nullable FaultWindow fault;
  private final List<Series.Second> seconds;
  private final Messages messages;
  private final TimeAxis axis;
  private final List<Mark> marks;
  private final int above;
  private final StringBuilder svg = new StringBuilder();

  /**
   * A milestone's place in the chart.
   *
   * @param number as in the table of milestones
   * @param row above the panels, 0 is the lowest
   */
  private record Mark(int number, ReportModel.Reached reached, double sinceFault, int row) {}

  /**
   * @param series with {@link #origin} as its origin
   */
  private Chart(
      ReportModel.@Nullable FaultWindow fault,
      List<ReportModel.Reached> milestones,
      Series series,
      TimeAxis axis,
      Messages messages) {
    this.fault = fault;
    this.seconds = series.seconds();
    this.messages = messages;
    this.axis = axis;
    this.marks = placed(milestones, axis);
    int rows = 1 + marks.stream().mapToInt(Mark::row).max().orElse(3);
    this.above = MARK * Math.max(4, rows) + 14;
  }

  static String svg(ReportModel report, Series series, TimeAxis axis, Messages messages) {
    return new Chart(report.fault(), report.milestones(), series, axis, messages).draw();
  }

  /** Of a load without a fault; seconds count from its origin. */
  static String svg(Series series, TimeAxis axis, Messages messages) {
    return new Chart(null, List.of(), series, axis, messages).draw();
  }

  /** The start of the load, moved so that the fault falls on a whole second of the series. */
  static Instant origin(History history) {
    Instant start =
        history.timeline().stream()
            .filter(e -> e instanceof Event.LoadStarted)
            .map(e -> e.stamp().at())
            .findFirst()
            .or(() -> history.ledger().stream().map(r -> r.intended()).findFirst())
            .orElse(Instant.EPOCH);
    return Recovery.of(history)
        .filter(r -> !r.fault().isBefore(start))
        .map(r -> r.fault().minusSeconds(TimeAxis.wholeSeconds(start, r.fault())))
        .orElse(start);
  }

  private String draw() {
    int height = bottom() + 28;
    add(
        "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
        WIDTH, height, Escapers.HTML.escape(messages.of("chart")));
    faultWindow();
    panel(
        0, messages.of("chart.requests"), peak(s -> (double) s.success() + s.errors()), this::bars);
    panel(1, messages.of("chart.ttft"), peak(Series.Second::ttftP99Millis), this::ttft);
    panel(2, messages.of("chart.active"), peak(s -> (double) s.activeStreams()), this::active);
    svg.append(axis.svg(bottom()));
    values();
    marks();
    return svg.append("</svg>").toString();
  }

  private interface Content {
    void draw(int top, double max);
  }

  private void panel(int number, String title, double peak, Content content) {
    int top = top(number);
    double max = nice(peak);
    for (double value : new double[] {0, max / 2, max}) {
      double y = y(top, value, max);
      add(
          "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
          LEFT, WIDTH - RIGHT, y, y);
      add(
          "<text class=\"tick\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
          LEFT - 6, y + 4, tick(value));
    }
    content.draw(top, max);
    add(
        "<text class=\"title\" x=\"%d\" y=\"%d\">%s</text>",
        LEFT, top - 6, Escapers.HTML.escape(title));
  }

  private void bars(int top, double max) {
    double width = Math.max(0.6, (x(1) - x(0)) * 0.86);
    for (var s : seconds) {
      bar("ok", s.second(), 0, s.success(), width, top, max);
      bar("bad", s.second(), s.success(), s.errors(), width, top, max);
    }
  }

  private void bar(
      String kind, int second, int from, int count, double width, int top, double max) {
    if (count > 0) {
      add(
          "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\"/>",
          kind,
          x(second - axis.before()),
          y(top, from + count, max),
          width,
          y(top, from, max) - y(top, from + count, max));
    }
  }

  private void ttft(int top, double max) {
    line("p99", Series.Second::ttftP99Millis, top, max);
    line("p50", Series.Second::ttftP50Millis, top, max);
  }

  /** All panels have the same seconds: one strip through them tells each value of one. */
  private void values() {
    for (var s : seconds) {
      int second = s.second() - axis.before();
      svg.append(
          Hover.strip(
              x(second),
              x(1) - x(0),
              top(0),
              bottom(),
              String.join(
                  "\n",
                  second + " s",
                  messages.of("chart.ok") + ": " + s.success(),
                  messages.of("chart.bad") + ": " + s.errors(),
                  messages.of("legend.p50") + ": " + millis(s.ttftP50Millis()),
                  messages.of("legend.p99") + ": " + millis(s.ttftP99Millis()),
                  messages.of("chart.streams") + ": " + s.activeStreams())));
    }
  }

  private String millis(@Nullable Double value) {
    return value == null
        ? "–"
        : String.format(Locale.ROOT, "%.0f %s", value, messages.of("unit.ms"));
  }

  private void active(int top, double max) {
    line("streams", s -> (double) s.activeStreams(), top, max);
  }

  /** A line with holes where nothing was measured: no first token is not a fast one. */
  private void line(
      String kind, Function<Series.Second, @Nullable Double> value, int top, double max) {
    var path = new StringBuilder();
    boolean pen = false;
    for (var s : seconds) {
      Double v = value.apply(s);
      if (v != null) {
        path.append(
            String.format(
                Locale.ROOT,
                "%s%.1f %.1f",
                pen ? "L" : "M",
                x(s.second() - axis.before() + 0.5),
                y(top, v, max)));
      }
      pen = v != null;
    }
    add("<path class=\"%s\" d=\"%s\"/>", kind, path);
  }

  private void faultWindow() {
    if (fault == null) {
      return;
    }
    double end = fault.seconds() == null ? axis.end() : Math.min(fault.seconds(), axis.end());
    add(
        "<rect class=\"fault\" x=\"%.1f\" y=\"%d\" width=\"%.1f\""
            + " height=\"%d\"><title>%s</title></rect>",
        x(0),
        above - 4,
        Math.max(1, x(end) - x(0)),
        bottom() - above + 4,
        Escapers.HTML.escape(messages.of("chart.fault")));
  }

  /** Those that would overlap stand in rows, as many as it takes: each milestone is drawn. */
  private static List<Mark> placed(List<ReportModel.Reached> milestones, TimeAxis axis) {
    List<Mark> marks = new ArrayList<>();
    List<Double> rowEnds = new ArrayList<>();
    int number = 0;
    for (var m : milestones) {
      number++;
      if (m.sinceFault() == null) {
        continue;
      }
      double x = axis.x(m.sinceFault());
      int row = 0;
      while (row < rowEnds.size() && rowEnds.get(row) > x - MARK) {
        row++;
      }
      if (row == rowEnds.size()) {
        rowEnds.add(x);
      } else {
        rowEnds.set(row, x);
      }
      marks.add(new Mark(number, m, m.sinceFault(), row));
    }
    return marks;
  }

  /** Numbers as in the table of milestones. */
  private void marks() {
    for (var mark : marks) {
      double x = x(mark.sinceFault());
      int y = above - 14 - mark.row() * MARK;
      add("<line class=\"mark\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>", x, x, y, bottom());
      add(
          "<g class=\"number\"><title>%d %s %s, %.1f s</title><circle cx=\"%.1f\" cy=\"%d\""
              + " r=\"8\"/><text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%d</text></g>",
          mark.number(),
          Escapers.HTML.escape(messages.of("milestone", mark.reached().name())),
          Escapers.HTML.escape(mark.reached().object()),
          mark.sinceFault(),
          x,
          y,
          x,
          y + 3.5,
          mark.number());
    }
  }

  private double peak(Function<Series.Second, @Nullable Double> value) {
    return seconds.stream().map(value).mapToDouble(v -> v == null ? 0 : v).max().orElse(0);
  }

  /** A round number at or above the peak, so that its half is round too. */
  static double nice(double peak) {
    if (peak <= 1) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(peak)));
    for (double factor : new double[] {1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8}) {
      if (peak <= factor * power) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  static String tick(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.1f", value);
  }

  private int top(int panel) {
    return above + 14 + panel * (PANEL + GAP);
  }

  private int bottom() {
    return top(2) + PANEL;
  }

  private static double y(int top, double value, double max) {
    return top + PANEL - PANEL * Math.min(1, value / max);
  }

  private double x(double sinceFault) {
    return axis.x(sinceFault);
  }

  @SuppressWarnings("AnnotateFormatMethod") // a dependency for one annotation is too much
  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
