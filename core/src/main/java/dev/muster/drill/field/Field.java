package dev.muster.drill.field;

import java.util.Arrays;
import java.util.Map;
import java.util.function.BiConsumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A field of a drill file.
 *
 * @param schema what it takes and means, in words of JSON Schema; {@code $defs} are the drill's
 * @param example of a field that cannot be left out; empty where it can
 * @param sense refuses what can be said and makes no sense; it is given the field's name
 */
public record Field(
    String name, ObjectNode schema, String example, BiConsumer<FaultYaml, String> sense) {

  /**
   * @param schema as JSON, without the description
   */
  static Field of(String name, String schema, String meaning) {
    return of(name, (ObjectNode) JsonMapper.shared().readTree(schema), meaning);
  }

  private static Field of(String name, ObjectNode schema, String meaning) {
    return new Field(name, schema.put("description", meaning), "", (_, _) -> {});
  }

  private static ObjectNode object() {
    return JsonMapper.shared().createObjectNode();
  }

  /**
   * @param definition among the drill's {@code $defs}
   */
  public static Field defined(String name, String definition, String meaning) {
    return of(name, object().put("$ref", "#/$defs/" + definition), meaning);
  }

  public static Field duration(String name, String meaning) {
    return defined(name, "duration", meaning);
  }

  public static Field selector(String name, String meaning) {
    return defined(name, "selector", meaning);
  }

  /** A text that is not empty. */
  public static Field text(String name, String meaning) {
    return of(name, object().put("type", "string").put("minLength", 1), meaning);
  }

  public static Field number(String name, String meaning) {
    return of(name, object().put("type", "number"), meaning);
  }

  /** A mapping with these fields and no others. */
  public static Field mapping(String name, String meaning, Field... own) {
    ObjectNode schema = object().put("type", "object").put("additionalProperties", false);
    ArrayNode required = schema.putArray("required");
    ObjectNode fields = schema.putObject("properties");
    for (Field field : own) {
      field.into(fields);
      if (field.required()) {
        required.add(field.name);
      }
    }
    return of(name, schema, meaning)
        .sense((yaml, field) -> {
          for (Field each : own) {
            each.sense.accept(yaml.in(field), each.name);
          }
        });
  }

  public static Field flag(String name, String meaning) {
    return of(name, object().put("type", "boolean"), meaning);
  }

  public static Field whole(String name, int least, int most, String meaning) {
    return of(
        name, object().put("type", "integer").put("minimum", least).put("maximum", most), meaning);
  }

  /** A text of a form. */
  public static Field text(String name, String title, String pattern, String meaning) {
    return of(
        name, object().put("type", "string").put("title", title).put("pattern", pattern), meaning);
  }

  public static Field word(String name, String meaning, String... words) {
    ObjectNode schema = object();
    Arrays.stream(words).forEach(schema.putArray("enum")::add);
    return of(name, schema, meaning);
  }

  /**
   * @param words each with its meaning, in order
   */
  public static Field word(String name, String meaning, Map<String, String> words) {
    Field field = word(name, meaning, words.keySet().toArray(String[]::new));
    words.values().forEach(field.schema.putArray("enumDescriptions")::add);
    return field;
  }

  /**
   * @param value for one that says no more than it must
   */
  public Field required(String value) {
    return new Field(name, schema, value, sense);
  }

  public Field sense(BiConsumer<FaultYaml, String> rule) {
    return new Field(name, schema, example, rule);
  }

  public boolean required() {
    return !example.isEmpty();
  }

  public boolean isSelector() {
    return schema.path("$ref").asString("").equals("#/$defs/selector");
  }

  /** Puts it among others; two kinds that take the same field mean the same by it. */
  public void into(ObjectNode fields) {
    var there = fields.get(name);
    if (there != null && !there.equals(schema)) {
      throw new IllegalStateException("two kinds mean different things by \"" + name + "\"");
    }
    fields.set(name, schema.deepCopy());
  }
}
