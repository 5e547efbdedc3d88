package dev.muster.chaosmesh;

import dev.muster.source.Problem;
import dev.muster.source.SelectorRules;
import dev.muster.source.SourceSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A mapping of the file, read field by field. That no field is ignored is by construction: {@link
 * #close} refuses each one that was neither taken nor refused before. Values of the wrong form read
 * as absent, the schema has complained about them.
 */
final class Fields {
  private static final int LARGEST_BITS = 20; // a million

  private final Document document;
  private final String pointer;
  private final JsonNode node;
  private final Set<String> taken = new HashSet<>();

  Fields(Document document, String pointer) {
    this.document = document;
    this.pointer = pointer;
    this.node = document.tree().root().at(pointer);
  }

  /** {@code /spec/selector} as {@code spec.selector}; what the whole is called is empty. */
  String words() {
    return pointer.isEmpty() ? "the file" : SourceSchema.words(pointer);
  }

  String pointer() {
    return pointer;
  }

  /** It is there and says something; an empty text or list is as good as none. */
  boolean has(String name) {
    JsonNode value = node.path(name);
    return node.has(name)
        && !(value.isArray() && value.isEmpty())
        && !(value.isString() && value.asString().isEmpty());
  }

  /** Null where it is absent, empty or no scalar. */
  @Nullable String text(String name) {
    take(name);
    String text = document.tree().text(child(name));
    return text == null || text.isEmpty() ? null : text;
  }

  String text(String name, String otherwise) {
    String text = text(name);
    return text == null ? otherwise : text;
  }

  /** Words of a selector that no pod and no node could have are refused at their places. */
  void checkSelector() {
    new SelectorRules(document.tree(), (place, why) -> document.add(document.tree().at(place, why)))
        .check(pointer);
  }

  /** Names of containers; an empty one is told by the schema. */
  List<String> containers(String name) {
    List<String> names = texts(name);
    for (int i = 0; i < names.size(); i++) {
      if (!names.get(i).isEmpty() && !SelectorRules.isWord(names.get(i))) {
        refuseEntry(
            name, i, "no container has such a name: it is lower-case letters, digits and '-'");
      }
    }
    return names;
  }

  /** Null where it is absent, or refused. */
  @Nullable Integer number(String name) {
    take(name);
    JsonNode number = node.path(name);
    if (!number.isIntegralNumber()) {
      if (number.isNumber()) { // 2.0 is whole for a schema, and none for Kubernetes
        refuseValue(name, "it must be a whole number, written without a point");
      }
      return null;
    }
    if (number.bigIntegerValue().bitLength() > LARGEST_BITS) {
      refuseValue(name, "it is too large");
      return null;
    }
    return number.intValue();
  }

  List<String> texts(String name) {
    take(name);
    return node.path(name).valueStream().map(value -> value.asString("")).toList();
  }

  Map<String, String> textsByName(String name) {
    take(name);
    Map<String, String> texts = new LinkedHashMap<>();
    for (String key : node.path(name).propertyNames()) {
      texts.put(key, node.path(name).path(key).asString(""));
    }
    return texts;
  }

  Fields mapping(String name) {
    take(name);
    return new Fields(document, child(name));
  }

  /** The action of a kind that Muster does not run: AWSChaos stands in awsChaos. */
  String actionOf(String kind) {
    return node.propertyNames().stream()
        .filter(kind::equalsIgnoreCase)
        .map(name -> node.path(name).path("action").asString(""))
        .findFirst()
        .orElse("");
  }

  List<Fields> mappings(String name) {
    take(name);
    List<Fields> mappings = new ArrayList<>();
    for (int i = 0; i < node.path(name).size(); i++) {
      mappings.add(new Fields(document, child(name) + "/" + i));
    }
    return mappings;
  }

  /** Null where it is absent, or refused. */
  @Nullable Duration duration(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    switch (GoDuration.parse(text)) {
      case GoDuration.Read read when read.duration().isZero() ->
          refuseValue(name, "it must be longer than 0s");
      case GoDuration.Read read -> {
        return read.duration();
      }
      case GoDuration.Unreadable unreadable -> refuseValue(name, unreadable.why());
    }
    return null;
  }

  /** It is honoured by what Muster does anyway. */
  void take(String name) {
    taken.add(name);
  }

  /** Refused where it says something. */
  void refuse(String name, String why) {
    take(name);
    if (has(name)) {
      document.add(document.tree().atKey(child(name), "\"" + name + "\" is refused: " + why));
    }
  }

  /** Its value is refused, at the value's place; also an empty one. */
  void refuseValue(String name, String why) {
    take(name);
    if (node.has(name)) {
      document.add(document.tree().at(child(name), "\"" + name + "\" is refused: " + why));
    }
  }

  /** An entry of a list is refused. */
  void refuseEntry(String name, int index, String why) {
    document.add(document.tree().at(child(name) + "/" + index, why));
  }

  void lacks(String name, String why) {
    if (!has(name)) {
      document.add(document.tree().at(pointer, words() + " lacks \"" + name + "\": " + why));
    }
  }

  /** Refuses what nobody has asked for. */
  void close() {
    for (String name : node.propertyNames()) {
      Problem problem =
          document
              .tree()
              .atKey(
                  child(name),
                  "\"" + name + "\" is refused: it does not go with the rest of " + words());
      if (!taken.contains(name) && document.problems().stream().noneMatch(p -> same(p, problem))) {
        document.add(problem);
      }
    }
  }

  private static boolean same(Problem one, Problem other) {
    return one.line() == other.line() && one.column() == other.column();
  }

  private String child(String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
