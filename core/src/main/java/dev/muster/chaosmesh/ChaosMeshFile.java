package dev.muster.chaosmesh;

import dev.muster.source.Problem;
import dev.muster.source.SourceSchema;
import dev.muster.source.SourceTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

  private static final Set<String> LIST = Set.of("apiVersion", "kind", "metadata", "items");

  /** What the API server writes there; it asks for nothing. */
  private static final Set<String> LIST_METADATA =
      Set.of("resourceVersion", "selfLink", "continue", "remainingItemCount");

  /** Mappings in which a null is no absent field: there it would be fewer conditions. */
  private static final Set<String> OPEN =
      Set.of("labelSelectors", "annotationSelectors", "fieldSelectors", "nodeSelectors", "pods");

  private ChaosMeshFile() {}

  /**
   * @param drill the YAML of a drill; empty where there are problems
   * @param problems in the file's order, at their places in the file of Chaos Mesh
   */
  public record Conversion(String drill, List<Problem> problems) {}

  /**
   * Some document of it, or some item of a List, is of Chaos Mesh's API; false for what is not
   * readable as YAML.
   */
  public static boolean isOne(String text) {
    return text.contains("apiVersion")
        && SourceTree.all(text, "").stream()
            .flatMap(tree -> Stream.concat(Stream.of(tree.root()), items(tree.root())))
            .map(root -> root.path("apiVersion").asString(""))
            .anyMatch(version -> version.startsWith(GROUP) || version.startsWith(OLD_GROUP));
  }

  /**
   * @param file name, for messages and for the drill's first comment
   */
  public static Conversion convert(String text, String file) {
    List<Problem> problems = new ArrayList<>();
    List<Experiment> experiments = new ArrayList<>();
    for (SourceTree tree : SourceTree.all(text, file)) {
      problems.addAll(tree.problems());
      for (SourceTree object : objects(tree.withoutNulls(OPEN), problems)) {
        Document document = new Document(object);
        SCHEMA.problems(object).forEach(document::add);
        Experiment.read(document).ifPresent(experiments::add);
        problems.addAll(document.problems());
      }
    }
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
      return new Conversion("", problems.stream().distinct().toList());
    }
    return new Conversion(DrillText.of(experiments, file), List.of());
  }

  /** A document is one object, or a List of them, as {@code kubectl get -o yaml} prints it. */
  private static List<SourceTree> objects(SourceTree tree, List<Problem> problems) {
    JsonNode root = tree.root();
    if (root.isNull() || root.isMissingNode()) {
      return List.of(); // what a last "---" leaves, or what could not be read
    }
    if (!isList(root)) {
      return List.of(tree);
    }
    refuseOthers(tree, "", LIST, problems);
    refuseOthers(tree, "/metadata", LIST_METADATA, problems);
    if (root.path("apiVersion").asString("").isEmpty()) {
      problems.add(tree.at("", "the List lacks \"apiVersion\" (v1)"));
    }
    if (root.path("items").isEmpty()) {
      problems.add(tree.at("/items", "the List has no items: there is nothing to run"));
    }
    return IntStream.range(0, root.path("items").size())
        .mapToObj(i -> tree.part("/items/" + i))
        .toList();
  }

  private static void refuseOthers(
      SourceTree tree, String pointer, Set<String> known, List<Problem> problems) {
    for (String name : tree.root().at(pointer).propertyNames()) {
      if (!known.contains(name)) {
        problems.add(tree.atKey(pointer + "/" + name, "a List has no field \"" + name + "\""));
      }
    }
  }

  private static Stream<JsonNode> items(JsonNode root) {
    return isList(root) ? root.path("items").valueStream() : Stream.of();
  }

  private static boolean isList(JsonNode root) {
    return root.path("kind").asString("").endsWith("List") && root.has("items");
  }
}
