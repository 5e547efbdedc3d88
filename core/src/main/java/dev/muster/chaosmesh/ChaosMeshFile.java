package dev.muster.chaosmesh;

import dev.muster.source.Problem;
import dev.muster.source.SourceSchema;
import dev.muster.source.SourceTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Files of Chaos Mesh, made into drills. Every field is honoured or refused by name; what is
 * honoured nearly is said in a comment of the drill. See {@code docs/chaos-mesh.md}.
 */
public final class ChaosMeshFile {
  private static final String GROUP = "chaos-mesh.org/";

  /** Its group before version 1.0. */
  private static final String OLD_GROUP = "pingcap.com/";

  private static final SourceSchema SCHEMA =
      SourceSchema.of(ChaosMeshFile.class, "chaosmesh.schema.json", "a Chaos Mesh file");

  private ChaosMeshFile() {}

  /**
   * @param drill the YAML of a drill; empty where there are problems
   * @param problems in the file's order, at their places in the file of Chaos Mesh
   */
  public record Conversion(String drill, List<Problem> problems) {}

  /** Some document of it is of Chaos Mesh's API; false for what is not readable as YAML. */
  public static boolean isOne(String text) {
    return text.contains("apiVersion")
        && SourceTree.all(text, "").stream()
            .map(tree -> tree.root().path("apiVersion").asString(""))
            .anyMatch(version -> version.startsWith(GROUP) || version.startsWith(OLD_GROUP));
  }

  /**
   * @param file name, for messages and for the drill's first comment
   */
  public static Conversion convert(String text, String file) {
    List<Problem> problems = new ArrayList<>();
    List<Experiment> experiments = new ArrayList<>();
    for (SourceTree tree : SourceTree.all(text, file)) {
      JsonNode root = tree.root();
      if (root.isNull()) {
        continue; // what a last "---" leaves
      }
      Document document = new Document(tree);
      tree.problems().forEach(document::add);
      if (!root.isMissingNode()) {
        SCHEMA.problems(tree).forEach(document::add);
        Experiment.read(document).ifPresent(experiments::add);
      }
      problems.addAll(document.problems());
    }
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
      return new Conversion("", problems.stream().distinct().toList());
    }
    return new Conversion(DrillText.of(experiments, file), List.of());
  }
}
