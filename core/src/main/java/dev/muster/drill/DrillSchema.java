package dev.muster.drill;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published JSON Schema of drill files, and what its errors mean in a person's words. */
final class DrillSchema {
  private static final String TEXT = load();
  private static final JsonNode TREE = JsonMapper.shared().readTree(TEXT);
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(TREE);

  private DrillSchema() {}

  static String text() {
    return TEXT;
  }

  static List<Problem> problems(SourceTree tree) {
    return SCHEMA.validate(tree.root()).stream().map(error -> problem(tree, error)).toList();
  }

  private static Problem problem(SourceTree tree, Error error) {
    var pointer = error.getInstanceLocation().toString();
    var where = pointer.isEmpty() ? "a drill" : words(pointer);
    var keyword = TREE.at(error.getSchemaLocation().getFragment().toString());
    var schema = TREE.at(parent(error.getSchemaLocation().getFragment().toString()));
    return switch (error.getKeyword()) {
      case "additionalProperties" -> {
        var name = error.getProperty();
        yield tree.atKey(
            pointer + "/" + name.replace("~", "~0").replace("/", "~1"),
            "unknown field \"" + name + "\" in " + where + suggestion(name, names(schema)));
      }
      case "required" -> {
        var name = error.getProperty();
        var meant = schema.path("properties").path(name).path("description").asString("");
        yield tree.at(
            pointer,
            where + " lacks \"" + name + "\"" + (meant.isEmpty() ? "" : " (" + meant + ")"));
      }
      case "enum" -> {
        var known = keyword.valueStream().map(JsonNode::asString).toList();
        yield tree.at(
            pointer, where + " can not be " + written(tree, error) + choice(tree, pointer, known));
      }
      case "const" ->
          tree.at(
              pointer,
              where
                  + " can not be "
                  + written(tree, error)
                  + "; it must be \""
                  + keyword.asString()
                  + "\"");
      case "pattern" ->
          tree.at(
              pointer,
              where + ": " + written(tree, error) + " is not " + schema.path("title").asString());
      case "type" ->
          tree.at(
              pointer,
              where + " must be " + kinds(keyword, schema) + ", not " + written(tree, error));
      case "minimum" ->
          tree.at(
              pointer,
              where + " must be at least " + keyword.asString() + ", not " + written(tree, error));
      case "maximum" ->
          tree.at(
              pointer,
              where + " must be at most " + keyword.asString() + ", not " + written(tree, error));
      case "minItems", "minProperties", "minLength" ->
          tree.at(pointer, where + " must not be empty" + offered(schema));
      case "maxItems" ->
          tree.at(pointer, where + " may have at most " + keyword.asString() + " entries");
      case "maxProperties" ->
          tree.at(pointer, where + " takes only one of its kind" + offered(schema));
      case "uniqueItems" -> tree.at(pointer, where + " names something twice");
      default -> tree.at(pointer, where + ": " + error.getMessage());
    };
  }

  /** {@code /faults/0/ttl} as {@code faults[0].ttl}. */
  static String words(String pointer) {
    return pointer
        .substring(1)
        .replaceAll("/([0-9]+)(?=/|$)", "[$1]")
        .replace("/", ".")
        .replace("~1", "/")
        .replace("~0", "~");
  }

  private static String written(SourceTree tree, Error error) {
    var node = error.getInstanceNode();
    var text = tree.text(error.getInstanceLocation().toString());
    if (node.isNull()) {
      return "empty";
    }
    return text != null ? "\"" + text + "\"" : node.isArray() ? "a list" : "a mapping";
  }

  private static String choice(SourceTree tree, String pointer, List<String> known) {
    var text = tree.text(pointer);
    return text == null ? "; known: " + String.join(", ", known) : suggestion(text, known);
  }

  private static String suggestion(String written, Collection<String> known) {
    return NearestName.to(written, known)
        .map(name -> "; did you mean \"" + name + "\"?")
        .orElse("; known: " + String.join(", ", known));
  }

  private static String offered(JsonNode schema) {
    var names = names(schema);
    return names.isEmpty() ? "" : "; known: " + String.join(", ", names);
  }

  private static Collection<String> names(JsonNode schema) {
    return schema.path("properties").propertyNames();
  }

  private static String kinds(JsonNode type, JsonNode schema) {
    if (schema.has("title")) {
      return schema.path("title").asString();
    }
    return (type.isArray() ? type.valueStream() : List.of(type).stream())
        .map(kind ->
            switch (kind.asString()) {
              case "object" -> "a mapping";
              case "array" -> "a list";
              case "string" -> "a text";
              case "integer" -> "a whole number";
              case "boolean" -> "true or false";
              default -> "a " + kind.asString();
            })
        .collect(Collectors.joining(" or "));
  }

  private static String parent(String pointer) {
    return pointer.substring(0, Math.max(0, pointer.lastIndexOf('/')));
  }

  private static String load() {
    try (var in = DrillSchema.class.getResourceAsStream("drill.schema.json")) {
      if (in == null) {
        throw new IllegalStateException("drill.schema.json is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
