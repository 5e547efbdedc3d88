package dev.muster.report;

import com.samskivert.mustache.Escapers;
import java.util.Locale;

/**
 * What a chart tells under the pointer: a strip as high as the panels, whose title has the values
 * of every line at that time. Browsers show it without a script.
 */
final class Hover {
  private Hover() {}

  /**
   * @param x its left edge; what lies outside the axis is cut off
   */
  static String strip(double x, double width, int top, int bottom, String values) {
    double left = Math.max(x, TimeAxis.LEFT);
    double right = Math.min(x + width, TimeAxis.WIDTH - TimeAxis.RIGHT);
    return String.format(
        Locale.ROOT,
        "<rect class=\"hover\" x=\"%.1f\" y=\"%d\" width=\"%.1f\""
            + " height=\"%d\"><title>%s</title></rect>%n",
        left,
        top,
        Math.max(0, right - left),
        bottom - top,
        Escapers.HTML.escape(values));
  }
}
