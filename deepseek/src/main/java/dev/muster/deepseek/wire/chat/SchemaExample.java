package dev.muster.deepseek.wire.chat;

import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A value that a JSON schema allows: of an object the required fields, of an array as few elements
 * as may be. Patterns and formats of strings are not met.
 */
public final class SchemaExample {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** What requires itself has no value; it is null from this depth on. */
  private static final int DEEPEST = 16;

  private final JsonNode root;
  private final Supplier<String> strings;

  private SchemaExample(JsonNode root, Supplier<String> strings) {
    this.root = root;
    this.strings = strings;
  }

  /**
   * @param schema of an object; a missing one allows the empty object
   * @param strings the texts of its strings, one after the other
   */
  public static JsonNode of(JsonNode schema, Supplier<String> strings) {
    return schema.isObject()
        ? new SchemaExample(schema, strings).value(schema, 0)
        : JSON.objectNode();
  }

  private JsonNode value(JsonNode schema, int depth) {
    if (depth > DEEPEST) {
      return JSON.nullNode();
    }
    var reference = schema.path("$ref").asString("");
    if (reference.startsWith("#")) {
      return value(root.at(reference.substring(1)), depth + 1);
    }
    if (schema.has("const")) {
      return schema.path("const");
    }
    for (var field : List.of("enum", "examples")) {
      if (!schema.path(field).isEmpty()) {
        return schema.path(field).path(0);
      }
    }
    for (var field : List.of("anyOf", "oneOf", "allOf")) {
      if (!schema.path(field).isEmpty()) {
        return value(schema.path(field).path(0), depth + 1);
      }
    }
    return switch (type(schema)) {
      case "string" -> JSON.stringNode(text(schema));
      case "integer" -> JSON.numberNode((long) Math.ceil(number(schema, 1)));
      case "number" -> JSON.numberNode(number(schema, 0.5));
      case "boolean" -> JSON.booleanNode(true);
      case "array" -> array(schema, depth);
      case "null" -> JSON.nullNode();
      default -> object(schema, depth);
    };
  }

  private static String type(JsonNode schema) {
    var type = schema.path("type");
    return type.isArray() ? type.path(0).asString("object") : type.asString("object");
  }

  private String text(JsonNode schema) {
    int least = schema.path("minLength").asInt(0);
    int most = schema.path("maxLength").asInt(Integer.MAX_VALUE);
    var text = strings.get();
    text = text + "x".repeat(Math.max(0, least - text.length()));
    return text.substring(0, Math.min(text.length(), most));
  }

  private static double number(JsonNode schema, double step) {
    if (schema.has("exclusiveMinimum")) {
      return schema.path("exclusiveMinimum").asDouble(0) + step;
    }
    var usual = Math.max(step, schema.path("minimum").asDouble(step));
    return Math.min(usual, schema.path("maximum").asDouble(usual));
  }

  private JsonNode array(JsonNode schema, int depth) {
    var array = JSON.arrayNode();
    for (int i = 0; i < schema.path("minItems").asInt(0); i++) {
      array.add(value(schema.path("items"), depth + 1));
    }
    return array;
  }

  private JsonNode object(JsonNode schema, int depth) {
    var object = JSON.objectNode();
    for (var field : schema.path("required").values()) {
      var name = field.asString("");
      object.set(name, value(schema.path("properties").path(name), depth + 1));
    }
    return object;
  }
}
