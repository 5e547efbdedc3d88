package dev.muster.cli.load;

import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillException;
import dev.muster.drill.file.DrillFile;
import dev.muster.source.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Options as the load of a drill: written as one and read as one, so that both mean the same and
 * what a drill refuses is refused here, in the option's words.
 */
final class LoadText {
  /** Each on a line of its own, so that a line tells the option. */
  private record Line(String option, String field, String text) {}

  private final List<Line> lines = new ArrayList<>();

  LoadText(String url) {
    text("apiVersion: muster.dev/v1");
    text("kind: Drill");
    text("metadata: {name: load}");
    lines.add(
        new Line(
            "URL", "target.endpoint", "target: {namespace: none, endpoint: " + quoted(url) + "}"));
    text("faults: [{kind: PodKill}]");
    text("expect: {residue: none}");
    text("load:");
  }

  private void text(String text) {
    lines.add(new Line("", "", text));
  }

  static String quoted(String text) {
    return JsonMapper.shared().writeValueAsString(text);
  }

  /**
   * @param yaml on one line; null where the option was not given
   */
  LoadText load(String option, String field, @Nullable String yaml) {
    if (yaml != null) {
      lines.add(new Line(option, "load." + field, "  " + field + ": " + yaml));
    }
    return this;
  }

  /** What follows is of {@code load.request}; it must not stay empty. */
  LoadText request() {
    text("  request:");
    return this;
  }

  LoadText request(String option, String field, @Nullable String yaml) {
    if (yaml != null) {
      lines.add(new Line(option, "load.request." + field, "    " + field + ": " + yaml));
    }
    return this;
  }

  /**
   * @throws IllegalArgumentException in words, if a drill would refuse it
   */
  Drill.Load read() {
    var text = String.join("\n", lines.stream().map(Line::text).toList());
    try {
      return Objects.requireNonNull(DrillFile.parseKept(text, "options").load());
    } catch (DrillException e) {
      throw new IllegalArgumentException(
          String.join("\n", e.problems().stream().map(this::words).toList()), e);
    }
  }

  private String words(Problem problem) {
    var line = lines.get(Math.clamp(problem.line() - 1L, 0, lines.size() - 1));
    var words =
        line.field.isEmpty()
            ? problem.message()
            : problem
                .message()
                .replace(line.field, line.option)
                .replaceFirst("(--rate|--ramp|--steps)\\.(poisson|constant)", "$1");
    return line.option.isEmpty() || words.contains(line.option)
        ? words
        : line.option + ": " + words;
  }
}
