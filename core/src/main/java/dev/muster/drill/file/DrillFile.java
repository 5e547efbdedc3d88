package dev.muster.drill.file;

import dev.muster.drill.Drill;
import dev.muster.drill.Step;
import dev.muster.source.Problem;
import dev.muster.source.SourceSchema;
import dev.muster.source.SourceTree;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads drill files, and those of Chaos Mesh as the drills that they can be made into. A file with
 * anything wrong is refused as a whole, with every problem at its line and column.
 */
public final class DrillFile {
  private static final SourceSchema SCHEMA = DrillSchema.read();

  private static final Duration LONGEST = Duration.ofHours(1000);

  private DrillFile() {}

  /**
   * @throws DrillException if the file cannot be read or is not a valid drill
   */
  public static Drill read(Path file) {
    return DrillSource.of(file).drill();
  }

  /**
   * The drill in a run's folder. It was run, so it is read as it stands, also where a drill that is
   * still to be run would be refused for asking what nobody can answer.
   *
   * @throws DrillException if the file cannot be read or is not a drill
   */
  public static Drill readKept(Path file) {
    return parseKept(DrillSource.written(file), file.toString());
  }

  /**
   * @param name of the file, for messages
   * @throws DrillException if the text is not a valid drill, or makes no sense
   */
  public static Drill parse(String text, String name) {
    return parse(text, name, true);
  }

  /** As {@link #readKept}, of a text. */
  public static Drill parseKept(String text, String name) {
    return parse(text, name, false);
  }

  private static Drill parse(String text, String name, boolean toBeRun) {
    var tree = SourceTree.of(text, name);
    var problems = new ArrayList<>(tree.problems());
    if (tree.root().path("kind").asString("").endsWith("List") && tree.root().has("items")) {
      problems.add(
          tree.at(
              "/kind",
              "a List of objects; a drill file is one drill: write it alone, without"
                  + " \"items\""));
    } else if (!tree.root().isMissingNode()) {
      problems.addAll(SCHEMA.problems(tree));
      problems.addAll(DrillRules.problems(tree));
      if (toBeRun && tree.root().isObject()) {
        problems.addAll(PlausibilityRules.problems(tree));
      }
    }
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
      throw new DrillException(problems.stream().distinct().toList());
    }
    var drill = new DrillReader(tree).drill();
    drill.steps().stream()
        .map(Step::expected)
        .reduce(Duration::plus)
        .filter(lasting -> lasting.compareTo(LONGEST) > 0)
        .ifPresent(lasting -> {
          var problem = "it would take " + lasting.toHours() + " h, and a drill takes 1000 at most";
          throw new DrillException(List.of(tree.at("/faults", problem)));
        });
    return drill;
  }

  /** The JSON Schema that the parser uses, for editors and for publication. */
  public static String schema() {
    return SCHEMA.text();
  }
}
