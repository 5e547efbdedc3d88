package dev.muster.cli.load;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When requests are sent: one of these, as in a drill's {@code load.arrivals}. */
final class LoadArrivals {
  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description = "Requests a second, such as 10/s; default: 1/s.")
  @Nullable String rate;

  @Option(
      names = "--ramp",
      paramLabel = "FROM,TO,OVER",
      description = "A rate that grows or falls, such as 1/s,50/s,2m.")
  @Nullable String ramp;

  @Option(
      names = "--steps",
      paramLabel = "RATE,FOR,…",
      description = "One rate after another, such as 5/s,1m,50/s,1m.")
  @Nullable String steps;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "At the times of a CSV or JSONL file, and no longer.")
  @Nullable String trace;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description =
          "A closed loop of N users in place of a rate: each asks again once it has its answer. A"
              + " slow service is asked for less, so figures look better than they are.")
  @Nullable Integer users;

  /** The option that was given. */
  String option() {
    return ramp != null
        ? "--ramp"
        : steps != null
            ? "--steps"
            : trace != null ? "--trace" : users != null ? "--concurrency" : "--rate";
  }

  /**
   * As a drill has it, in YAML.
   *
   * @throws IllegalArgumentException if it does not have the form
   */
  String yaml(String pattern, @Nullable String column, String unit) {
    if (trace != null) {
      return "{trace: {file: %s, unit: %s%s}}"
          .formatted(
              LoadText.quoted(trace),
              LoadText.quoted(unit),
              column == null ? "" : ", column: " + LoadText.quoted(column));
    }
    return "{" + pattern + ": " + rates() + "}";
  }

  private String rates() {
    if (ramp != null) {
      var parts = parts(ramp);
      if (parts.size() != 3) {
        throw new IllegalArgumentException("--ramp wants FROM,TO,OVER, such as 1/s,50/s,2m");
      }
      return "{from: %s, to: %s, over: %s}".formatted(parts.toArray());
    }
    if (steps != null) {
      var parts = parts(steps);
      if (parts.size() % 2 == 1) {
        throw new IllegalArgumentException(
            "--steps wants RATE,FOR for each step, such as 5/s,1m,50/s,1m");
      }
      var all = new ArrayList<String>();
      for (int i = 0; i < parts.size(); i += 2) {
        all.add("{rate: %s, for: %s}".formatted(parts.get(i), parts.get(i + 1)));
      }
      return all.toString();
    }
    return LoadText.quoted(rate == null ? "1/s" : rate);
  }

  private static List<String> parts(String text) {
    return Stream.of(text.split(",", -1)).map(part -> LoadText.quoted(part.strip())).toList();
  }
}
