package dev.muster.chaosmesh;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/** Durations as Go writes them, {@code 1h30m} or {@code 10.5s}, and as a drill does. */
final class GoDuration {
  private static final Pattern WHOLE =
      Pattern.compile("[+-]?(0|((\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h))+)");
  private static final Pattern PART =
      Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
  private static final int LONGEST_TEXT = 40;

  /** A part of a drill's duration has nine digits at most. */
  private static final long MOST_MILLIS = 1_000_000_000;

  private static final BigDecimal LONGEST = new BigDecimal("3.6E15"); // 1000 h
  private static final Map<String, BigDecimal> NANOS =
      Map.of(
          "ns", new BigDecimal("1"),
          "us", new BigDecimal("1E3"),
          "µs", new BigDecimal("1E3"),
          "μs", new BigDecimal("1E3"),
          "ms", new BigDecimal("1E6"),
          "s", new BigDecimal("1E9"),
          "m", new BigDecimal("6E10"),
          "h", new BigDecimal("3.6E12"));

  private GoDuration() {}

  sealed interface Result {}

  record Read(Duration duration) implements Result {}

  record Unreadable(String why) implements Result {}

  static Result parse(String text) {
    if (text.length() > LONGEST_TEXT || !WHOLE.matcher(text).matches()) {
      return new Unreadable("\"" + text + "\" is not a duration such as 90s, 1h30m or 10.5s");
    }
    var nanos = BigDecimal.ZERO;
    var part = PART.matcher(text);
    while (part.find()) {
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(NANOS.get(part.group(2))));
    }
    if (text.startsWith("-") && nanos.signum() > 0) {
      return new Unreadable("a duration can not be below 0s");
    }
    if (nanos.compareTo(LONGEST) > 0) {
      return new Unreadable("a drill of more than 1000h is refused");
    }
    if (nanos.remainder(NANOS.get("ms")).signum() != 0) {
      return new Unreadable(
          "Muster's clock of drills has steps of 1ms; " + text + " is between two");
    }
    return new Read(Duration.ofNanos(nanos.longValueExact()));
  }

  /** In the longest unit of which it is a whole number. */
  static String drill(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis < MOST_MILLIS ? millis + "ms" : millis / 1000 + "s" + millis % 1000 + "ms";
    }
    long seconds = millis / 1000;
    return seconds % 3600 == 0 && seconds > 0
        ? seconds / 3600 + "h"
        : seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
