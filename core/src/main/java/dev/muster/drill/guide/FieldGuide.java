package dev.muster.drill.guide;

import dev.muster.drill.file.DrillFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the drill file's schema says of a field.
 *
 * @param path from the top, like {@code expect.latency}; empty for the whole drill
 * @param takes what it can be, like {@code a duration such as 90s}
 * @param meaning empty where the schema tells none
 * @param fields those in it, if it is a mapping or a list of mappings
 */
public record FieldGuide(
    String path, String takes, String meaning, boolean required, List<FieldGuide> fields) {
  private static final JsonNode SCHEMA = JsonMapper.shared().readTree(DrillFile.schema());

  /**
   * @param path words with dots between them; places in a list, like {@code faults[0]}, count for
   *     nothing
   * @return empty where there is no such field
   */
  public static Optional<FieldGuide> of(String path) {
    JsonNode schema = SCHEMA;
    List<String> taken = new ArrayList<>();
    boolean required = false;
    for (String name : words(path)) {
      JsonNode inside = inside(schema);
      JsonNode field = inside.path("properties").path(name);
      if (field.isMissingNode()) {
        return Optional.empty();
      }
      required = requires(inside, name);
      taken.add(name);
      schema = field;
    }
    return Optional.of(guide(String.join(".", taken), schema, required, true));
  }

  /** Every field that can be asked for, from the top down. */
  public static List<String> paths() {
    List<String> all = new ArrayList<>();
    collect("", SCHEMA, List.of(), all);
    return List.copyOf(all);
  }

  private static void collect(
      String path, JsonNode schema, List<String> through, List<String> all) {
    inside(schema)
        .path("properties")
        .properties()
        .forEach(field -> {
          String below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
          all.add(below);
          String into = inside(field.getValue()).toString();
          if (!through.contains(into)) { // a branch of parallel is told as the list that it is in
            collect(
                below,
                field.getValue(),
                Stream.concat(through.stream(), Stream.of(into)).toList(),
                all);
          }
        });
  }

  private static List<String> words(String path) {
    return Arrays.stream(path.replaceAll("\\[[0-9]*\\]", "").split("\\.", -1))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static FieldGuide guide(String path, JsonNode schema, boolean required, boolean deeper) {
    JsonNode inside = inside(schema);
    List<FieldGuide> fields =
        !deeper
            ? List.of()
            : inside.path("properties").properties().stream()
                .map(f -> guide(f.getKey(), f.getValue(), requires(inside, f.getKey()), false))
                .toList();
    return new FieldGuide(path, takes(schema), text(schema, "description"), required, fields);
  }

  private static boolean requires(JsonNode mapping, String name) {
    return mapping.path("required").valueStream().anyMatch(n -> n.asString().equals(name));
  }

  /** The mapping itself, or what a list is of; the fields of both where it can be either. */
  private static JsonNode inside(JsonNode schema) {
    JsonNode meant = meant(schema);
    if (!meant.has("items")) {
      return meant;
    }
    JsonNode items = inside(meant.path("items"));
    if (!meant.has("properties")) {
      return items;
    }
    ObjectNode both = JsonMapper.shared().createObjectNode();
    ObjectNode fields = both.putObject("properties");
    for (JsonNode one : List.of(meant, items)) {
      one.path("properties").properties().forEach(f -> fields.set(f.getKey(), f.getValue()));
    }
    return both;
  }

  private static JsonNode meant(JsonNode schema) {
    String reference = schema.path("$ref").asString("");
    return reference.isEmpty() ? schema : meant(SCHEMA.at(reference.substring(1)));
  }

  /** Of the field itself, before what it refers to. */
  private static String text(JsonNode schema, String keyword) {
    return schema.path(keyword).asString(meant(schema).path(keyword).asString(""));
  }

  private static String takes(JsonNode schema) {
    JsonNode meant = meant(schema);
    if (meant.has("title") && !meant.has("$schema")) {
      return meant.path("title").asString();
    }
    if (meant.has("enum")) {
      List<String> words = meant.path("enum").valueStream().map(JsonNode::asString).toList();
      return words.size() == 1 ? words.getFirst() : String.join(", ", words);
    }
    if (meant.has("const")) {
      return meant.path("const").asString();
    }
    JsonNode type = meant.path("type");
    return (type.isArray() ? type.valueStream() : Stream.of(type))
        .map(kind -> typed(kind.asString(""), meant))
        .reduce((a, b) -> a + " or " + b)
        .orElse("");
  }

  private static String typed(String type, JsonNode schema) {
    return switch (type) {
      case "object" -> "a mapping";
      case "array" ->
          "a list of " + takes(schema.path("items")).replaceFirst("^an? (\\S+)$", "$1s");
      case "string" -> "a text";
      case "integer" -> "a whole number" + range(schema.get("minimum"), schema.get("maximum"));
      case "boolean" -> "true or false";
      default -> "a " + type;
    };
  }

  private static String range(@Nullable JsonNode least, @Nullable JsonNode most) {
    return least == null || most == null
        ? ""
        : " from " + least.asString() + " to " + most.asString();
  }
}
