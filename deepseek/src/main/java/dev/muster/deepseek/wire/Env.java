package dev.muster.deepseek.wire;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Configuration from environment variables. Mistakes are collected, so that a user sees all of them
 * at once: read every value, then call {@link #check}.
 */
public final class Env {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)(ms|s|m|h)");

  private final Map<String, String> values;
  private final List<String> problems = new ArrayList<>();

  public Env(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  public String text(String name, String fallback) {
    return given(name).orElse(fallback);
  }

  /** Several values, parted by commas. */
  public List<String> list(String name, String fallback) {
    return List.of(text(name, fallback).split(",")).stream()
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .toList();
  }

  /** Addresses such as {@code http://host:2379}, parted by commas. */
  public List<URI> uris(String name, String fallback) {
    var uris = new ArrayList<URI>();
    for (var text : list(name, fallback)) {
      if (text.matches("http://[^/:]+:\\d{1,5}")) {
        uris.add(URI.create(text));
      } else {
        problems.add("%s=%s: expected http://host:port".formatted(name, text));
      }
    }
    return List.copyOf(uris);
  }

  public int integer(String name, int fallback, int min, int max) {
    return (int) number(name, fallback, min, max, "a whole number", "\\d{1,9}");
  }

  public double number(String name, double fallback, double min, double max) {
    return number(name, fallback, min, max, "a number", "\\d{1,9}(\\.\\d{1,9})?");
  }

  /** A duration such as {@code 500ms}, {@code 5s}, {@code 2m} or {@code 24h}. */
  public Duration duration(String name, String fallback) {
    var text = text(name, fallback);
    var matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      problems.add("%s=%s: expected a duration such as 500ms, 5s or 2m".formatted(name, text));
      return Duration.ZERO;
    }
    var millis =
        switch (String.valueOf(matcher.group(2))) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "m" -> 60_000;
          default -> 3_600_000;
        };
    return Duration.ofNanos(
        Math.round(Double.parseDouble(String.valueOf(matcher.group(1))) * millis * 1_000_000));
  }

  /** One of several words, such as {@code fail-in-band} for {@code FAIL_IN_BAND}. */
  public <E extends Enum<E>> E one(String name, Class<E> of, E fallback) {
    var text = text(name, word(fallback));
    var all = of.getEnumConstants();
    for (var each : all) {
      if (word(each).equals(text)) {
        return each;
      }
    }
    problems.add(
        "%s=%s: expected %s"
            .formatted(
                name, text, Stream.of(all).map(Env::word).collect(Collectors.joining(" or "))));
    return fallback;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Notes a mistake that only the caller can see. */
  public void problem(String text) {
    problems.add(text);
  }

  /**
   * @throws IllegalArgumentException naming every bad variable, its value and what was expected
   */
  public void check() {
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "bad configuration in the environment: " + String.join("; ", problems));
    }
  }

  private double number(
      String name, double fallback, double min, double max, String kind, String pattern) {
    var text = given(name).orElse(null);
    if (text == null) {
      return fallback;
    }
    @Nullable Double value = text.matches(pattern) ? Double.valueOf(text) : null;
    if (value == null || value < min || value > max) {
      problems.add(
          "%s=%s: expected %s from %s to %s".formatted(name, text, kind, plain(min), plain(max)));
      return fallback;
    }
    return value;
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }

  private Optional<String> given(String name) {
    return Optional.ofNullable(values.get(name)).map(String::strip).filter(s -> !s.isEmpty());
  }
}
