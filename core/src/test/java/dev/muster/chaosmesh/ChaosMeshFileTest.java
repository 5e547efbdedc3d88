package dev.muster.chaosmesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.muster.drill.file.DrillFile;
import dev.muster.source.Problem;
import dev.muster.source.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The files beside this test's resources, each with what is to become of it. */
class ChaosMeshFileTest {
  private static final Path FOLDER = Path.of("src/test/resources/chaosmesh");

  /** Mappings whose keys are anybody's. */
  private static final Set<String> FREE =
      Set.of(
          "labels",
          "annotations",
          "labelSelectors",
          "annotationSelectors",
          "fieldSelectors",
          "nodeSelectors",
          "pods",
          "headers");

  /** Fields that say what Muster does without them, or that nothing depends on in that file. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "null-fields /metadata/namespace",
          "null-fields /spec/selector/namespaces",
          "null-starting-deadline /metadata/namespace",
          "null-starting-deadline /spec/concurrencyPolicy",
          "null-starting-deadline /spec/podChaos/selector/namespaces",
          "schedule-kill /spec/concurrencyPolicy",
          "two-documents /spec/stressors/cpu/load",
          "workflow-deadlines /spec/templates/4/deadline",
          "workflow-parallel /spec/templates/1/deadline",
          "workflow-parallel /spec/templates/3/deadline",
          "workflow-schedule /spec/templates/1/schedule/concurrencyPolicy",
          "workflow-serial /spec/templates/0/deadline",
          "workflow-status-check /spec/templates/0/deadline",
          "workflow-status-check /spec/templates/1/statusCheck/type",
          "workflow-status-check /spec/templates/1/statusCheck/recordsHistoryLimit",
          "workflow-status-check /spec/templates/1/statusCheck/http/method");

  static Stream<Path> files() throws IOException {
    try (var all = Files.list(FOLDER)) {
      return all.filter(f -> f.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  static Stream<Path> accepted() throws IOException {
    return files().filter(file -> Files.exists(expected(file, ".drill")));
  }

  @Test
  void thereAreEnoughFilesAndNothingIsExpectedOfNone() throws IOException {
    assertThat(files()).hasSizeGreaterThanOrEqualTo(30);
    try (var all = Files.list(FOLDER)) {
      assertThat(all.filter(f -> !f.toString().endsWith(".yaml")))
          .allMatch(f -> Files.exists(expected(f, ".yaml")));
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void eachFileIsConvertedOrRefusedAsExpected(Path file) throws IOException {
    var conversion = convert(Files.readString(file), file);

    Path drill = expected(file, ".drill");
    Path refused = expected(file, ".refused");
    if (Files.exists(drill)) {
      assertThat(lines(conversion)).isEmpty();
      assertThat(conversion.drill()).isEqualTo(Files.readString(drill));
      assertThat(refused).doesNotExist();
    } else {
      assertThat(lines(conversion)).isEqualTo(Files.readString(refused));
      assertThat(conversion.problems()).allMatch(p -> p.line() > 0 && p.column() > 0);
    }
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void whatIsPrintedIsADrill(Path file) throws IOException {
    var drill = convert(Files.readString(file), file).drill();

    assertThatCode(() -> DrillFile.parse(drill, "converted")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("files")
  void anUnknownFieldIsRefusedWhereverItStands(Path file) throws IOException {
    List<JsonNode> documents = documents(file);
    var before = convert(text(documents), file);

    for (JsonNode document : documents) {
      for (String pointer : mappings(document)) {
        if (within(pointer, before.problems()) || (free(pointer) && !before.problems().isEmpty())) {
          continue;
        }
        var after =
            changed(documents, document, pointer, file, mapping -> mapping.put("colour", "blue"));
        assertThat(lines(after) + after.drill())
            .as("an unknown field in %s of %s", pointer, file)
            .contains("colour");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void aFieldThatIsTakenOutIsMissed(Path file) throws IOException {
    List<JsonNode> documents = documents(file);
    var before = convert(text(documents), file).drill();
    String name = file.getFileName().toString().replace(".yaml", "");

    for (JsonNode document : documents) {
      for (String pointer : mappings(document)) {
        for (String field : List.copyOf(document.at(pointer).propertyNames())) {
          var after = changed(documents, document, pointer, file, mapping -> mapping.remove(field));
          String where = name + " " + pointer + "/" + field;
          assertThat(before.equals(after.drill()))
              .as("%s makes no difference", where)
              .isEqualTo(
                  document.at(pointer).path(field).isNull() || WITHOUT_EFFECT.contains(where));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void whateverStandsInAFieldItIsRefusedOrMakesADrill(Path file) throws IOException {
    List<JsonNode> documents = documents(file);
    var others =
        JsonMapper.shared()
            .readTree("[[], [\"x\"], [7], {}, {\"x\": \"y\"}, \"x\", \"\", 0, 5000000000, null]");

    for (JsonNode document : documents) {
      for (String pointer : mappings(document)) {
        for (String field : List.copyOf(document.at(pointer).propertyNames())) {
          for (JsonNode other : others) {
            var after =
                changed(documents, document, pointer, file, mapping -> mapping.set(field, other));
            if (after.problems().isEmpty()) {
              assertThatCode(() -> DrillFile.parse(after.drill(), "converted"))
                  .as("%s in %s/%s of %s", other, pointer, field, file)
                  .doesNotThrowAnyException();
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void everyFieldThatIsNullIsOneThatIsNotThere(Path file) throws IOException {
    List<JsonNode> documents = documents(file);
    String before = convert(text(documents), file).drill();
    Set<String> known = new TreeSet<>();
    known(
        JsonMapper.shared()
            .readTree(ChaosMeshFile.class.getResource("chaosmesh.schema.json").openStream()),
        known);

    for (JsonNode document : documents) {
      for (String pointer : mappings(document)) {
        if (!free(pointer)) {
          var after =
              changed(
                  documents,
                  document,
                  pointer,
                  file,
                  mapping ->
                      known.stream().filter(name -> !mapping.has(name)).forEach(mapping::putNull));
          assertThat(lines(after) + after.drill()).as("nulls in %s", pointer).isEqualTo(before);
        }
      }
    }
  }

  private static void known(JsonNode schema, Set<String> names) {
    names.addAll(schema.path("properties").propertyNames());
    schema.valueStream().forEach(each -> known(each, names));
  }

  @Test
  void aDrillAndOtherThingsAreNoneOfItsFiles() {
    assertThat(ChaosMeshFile.isOne("apiVersion: muster.dev/v1\nkind: Drill\n")).isFalse();
    assertThat(ChaosMeshFile.isOne("# chaos-mesh.org/ has an apiVersion")).isFalse();
    assertThat(ChaosMeshFile.isOne("apiVersion: [")).isFalse();
    assertThat(ChaosMeshFile.isOne("{\"apiVersion\": \"chaos-mesh.org/v1alpha1\"}")).isTrue();
  }

  @Test
  void templatesThatMultiplyAreRefusedBeforeTheyFillTheMemory() {
    var templates = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      String next = "t" + (i + 1);
      String all = String.join(", ", java.util.Collections.nCopies(10, next));
      templates.append("  - {name: t%d, templateType: Serial, children: [%s]}\n".formatted(i, all));
    }
    var conversion =
        ChaosMeshFile.convert(
            """
            apiVersion: chaos-mesh.org/v1alpha1
            kind: Workflow
            metadata: {name: many}
            spec:
              entry: t0
              templates:
              - {name: t10, templateType: Suspend, deadline: 1s}
            """
                + templates,
            "many.yaml");

    assertThat(lines(conversion)).contains("more than 1000 steps");
  }

  private static ChaosMeshFile.Conversion changed(
      List<JsonNode> documents,
      JsonNode document,
      String pointer,
      Path file,
      Consumer<ObjectNode> change) {
    List<JsonNode> changed = new ArrayList<>();
    for (JsonNode each : documents) {
      JsonNode copy = each.deepCopy();
      if (each.equals(document)) {
        change.accept((ObjectNode) copy.at(pointer));
      }
      changed.add(copy);
    }
    return convert(text(changed), file);
  }

  private static ChaosMeshFile.Conversion convert(String text, Path file) {
    return ChaosMeshFile.convert(text, String.valueOf(file.getFileName()));
  }

  private static List<JsonNode> documents(Path file) throws IOException {
    return SourceTree.all(Files.readString(file), "").stream()
        .map(SourceTree::root)
        .filter(JsonNode::isObject)
        .toList();
  }

  /** JSON is YAML. */
  private static String text(List<JsonNode> documents) {
    return documents.stream().map(JsonNode::toPrettyString).collect(Collectors.joining("\n---\n"));
  }

  private static List<String> mappings(JsonNode document) {
    List<String> pointers = new ArrayList<>();
    mappings(document, "", pointers);
    return pointers;
  }

  private static void mappings(JsonNode node, String pointer, List<String> pointers) {
    if (node.isObject()) {
      pointers.add(pointer);
      for (String name : node.propertyNames()) {
        String child = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
        mappings(node.path(name), child, pointers);
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        mappings(node.path(i), pointer + "/" + i, pointers);
      }
    }
  }

  private static boolean free(String pointer) {
    return FREE.contains(pointer.substring(pointer.lastIndexOf('/') + 1));
  }

  /** It is refused as a whole, or the kind of all is. */
  private static boolean within(String pointer, List<Problem> problems) {
    return Stream.concat(
            Stream.of(pointer.split("/")).filter(s -> !s.isEmpty() && !s.equals("spec")),
            Stream.of(pointer.contains("/spec") ? "kind" : "/"))
        .anyMatch(name ->
            problems.stream()
                .map(Problem::message)
                .anyMatch(message ->
                    message.startsWith("\"" + name + "\" is refused")
                        || message.startsWith("unknown field \"" + name + "\"")));
  }

  private static String lines(ChaosMeshFile.Conversion conversion) {
    return conversion.problems().stream()
        .map(p -> p.line() + ":" + p.column() + ": " + p.message() + "\n")
        .collect(Collectors.joining());
  }

  private static Path expected(Path file, String ending) {
    String name = String.valueOf(file.getFileName());
    return file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ending);
  }
}
