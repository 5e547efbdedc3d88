package dev.muster.drill.field;

import org.jspecify.annotations.Nullable;

/**
 * How much of a node's memory or disk is taken, or of a container's memory. At most one is given;
 * none means: until the kubelet reports pressure. A percentage is of all the node has; in a pod it
 * is of the container's limit, or of the node's memory where it has none.
 */
public record Amount(@Nullable Long bytes, @Nullable Integer percent) {
  private static final String UNITS = "KMG";

  /** {@code 512Mi}, {@code 2GB} (powers of 1000), {@code 90%}; nothing means until pressure. */
  public static Amount of(String text) {
    if (text.isEmpty()) {
      return new Amount(null, null);
    }
    if (text.endsWith("%")) {
      return new Amount(null, Integer.valueOf(text.substring(0, text.length() - 1)));
    }
    int digits = 0;
    while (Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    long number = Long.parseLong(text.substring(0, digits));
    long base = text.contains("i") ? 1024 : 1000;
    int power = UNITS.indexOf(text.charAt(digits)) + 1;
    for (int i = 0; i < power; i++) {
      number *= base;
    }
    return new Amount(number, null);
  }

  public boolean untilPressure() {
    return bytes == null && percent == null;
  }

  /** For a plan. */
  public String words(String pressure) {
    if (bytes != null) {
      return size(bytes);
    }
    return percent == null ? "until " + pressure : "until " + percent + " % is in use";
  }

  /** As the file says it: 512Mi, or 2GB where that is the rounder one. */
  private static String size(long bytes) {
    String binary = size(bytes, 1024, "i");
    String decimal = size(bytes, 1000, "B");
    return binary.length() <= decimal.length() ? binary : decimal;
  }

  private static String size(long bytes, int base, String suffix) {
    long number = bytes;
    int power = 0;
    while (power < UNITS.length() && number % base == 0 && number > 0) {
      number /= base;
      power++;
    }
    return power == 0 ? number + " bytes" : number + UNITS.substring(power - 1, power) + suffix;
  }
}
