package dev.muster.report;

import java.util.stream.IntStream;

/**
 * A colour of a screen, linear in light, and how it is told from others.
 *
 * @param red 0 to 1, like the others
 */
record Colour(double red, double green, double blue) {
  /**
   * @param hex like {@code #1c2330}
   */
  static Colour of(String hex) {
    double[] linear =
        IntStream.of(1, 3, 5)
            .mapToDouble(at -> Integer.parseInt(hex, at, at + 2, 16) / 255.0)
            .map(v -> v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4))
            .toArray();
    return new Colour(linear[0], linear[1], linear[2]);
  }

  /** As somebody sees it who has no green cones (Machado, Oliveira, Fernandes 2009). */
  Colour deuteranope() {
    return new Colour(
        seen(0.367322, 0.860646, -0.227968),
        seen(0.280085, 0.672501, 0.047413),
        seen(-0.011820, 0.042940, 0.968881));
  }

  private double seen(double ofRed, double ofGreen, double ofBlue) {
    return Math.clamp(ofRed * red + ofGreen * green + ofBlue * blue, 0, 1);
  }

  /** Of 1 to 21, as WCAG 2 computes it. */
  double contrast(Colour other) {
    double one = luminance() + 0.05;
    double two = other.luminance() + 0.05;
    return Math.max(one, two) / Math.min(one, two);
  }

  private double luminance() {
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
}
