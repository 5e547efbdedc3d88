package dev.muster.report;

import com.samskivert.mustache.Escapers;
import java.util.List;
import java.util.Locale;

/** The phases of a recovery as one bar, numbered as in their table. An SVG, so that it prints. */
final class PhaseBar {
  static final int COLOURS = 10;
  private static final int HEIGHT = 22;
  private static final int DIGITS = 18;

  private PhaseBar() {}

  static String svg(List<ReportModel.Part> phases, Messages messages) {
    double all = phases.stream().mapToDouble(PhaseBar::seconds).sum();
    var svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
            TimeAxis.WIDTH,
            HEIGHT + 20,
            Escapers.HTML.escape(messages.of("phases"))));
    double x = 0;
    double free = 0;
    for (int i = 0; i < phases.size(); i++) {
      double seconds = seconds(phases.get(i));
      double width = all == 0 ? 0 : seconds / all * TimeAxis.WIDTH;
      if (width > 0) {
        svg.append(
            String.format(
                Locale.ROOT,
                "<rect class=\"block c%d\" x=\"%.1f\" width=\"%.1f\" height=\"%d\"><title>%d %s,"
                    + " %s</title></rect>%n",
                i % COLOURS,
                x,
                Math.max(1, width),
                HEIGHT,
                i + 1,
                Escapers.HTML.escape(messages.of("phase", phases.get(i).name())),
                Summary.seconds(seconds)));
      }
      double middle = x + width / 2;
      // of short phases that lie side by side the first has its number, the table has all
      if (width > 0 && middle - DIGITS / 2.0 >= free) {
        svg.append(
            String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>%n",
                Math.clamp(middle, DIGITS / 2.0, TimeAxis.WIDTH - DIGITS / 2.0),
                HEIGHT + 15,
                i + 1));
        free = middle + DIGITS / 2.0;
      }
      x += width;
    }
    return svg.append("</svg>").toString();
  }

  private static double seconds(ReportModel.Part phase) {
    return phase.seconds() == null ? 0 : phase.seconds();
  }
}
