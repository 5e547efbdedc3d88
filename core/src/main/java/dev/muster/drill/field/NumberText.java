package dev.muster.drill.field;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers with a unit as a drill reads them: {@code 10/s}, {@code 99.9%}. */
public final class NumberText {
  /** As the schema has them: what it refuses is not told once more by a rule between numbers. */
  private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?");

  private NumberText() {}

  /** {@code 10/s} as 10.0; null where it is no rate. */
  public static @Nullable Double rate(String text) {
    return number(text, "/s");
  }

  /** {@code 99.9%} as 99.9; null where it is no percentage. */
  public static @Nullable Double percent(String text) {
    return number(text, "%");
  }

  private static @Nullable Double number(String text, String unit) {
    if (!text.endsWith(unit)) {
      return null;
    }
    var number = text.substring(0, text.length() - unit.length());
    return NUMBER.matcher(number).matches() ? Double.valueOf(number) : null;
  }
}
