package dev.muster.deepseek.wire.chat;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a request, with DeepSeek's refusals: what is not of its type gets 422, what is out
 * of its range 400.
 */
final class Fields {
  private Fields() {}

  /**
   * @throws ApiError 400 if it is no JSON, 422 if it is no object
   */
  static JsonNode object(byte[] body) {
    JsonNode root;
    try {
      root = Json.parse(body);
    } catch (JacksonException e) {
      throw ApiError.invalidFormat(
          "Failed to parse the request body as JSON: " + e.getOriginalMessage());
    }
    if (!root.isObject()) {
      throw ApiError.invalidParameters("expected an object");
    }
    return root;
  }

  /** False where it is absent or null. */
  static boolean flag(JsonNode node, String field) {
    var value = given(node, field);
    if (value != null && !value.isBoolean()) {
      throw ApiError.invalidParameters(field + ": expected a boolean");
    }
    return value != null && value.asBoolean();
  }

  /**
   * @param where the node is, in the words of a path; empty or with a dot at its end
   */
  static String text(JsonNode node, String field, String where) {
    @Nullable JsonNode value = node.get(field);
    if (value == null) {
      throw ApiError.invalidParameters(where + "missing field `" + field + "`");
    }
    if (!value.isString()) {
      throw ApiError.invalidParameters(where + field + ": expected a string");
    }
    return value.asString();
  }

  static void range(JsonNode root, String field, double min, double max) {
    check(root, field, min, max, () -> "[" + plain(min) + ", " + plain(max) + "]");
  }

  /** The lower bound itself is out of it. */
  static void rangeAbove(JsonNode root, String field, double min, double max) {
    check(root, field, Math.nextUp(min), max, () -> "(" + plain(min) + ", " + max + "]");
  }

  private static void check(
      JsonNode root, String field, double min, double max, Supplier<String> range) {
    var node = given(root, field);
    if (node == null) {
      return;
    }
    if (!node.isNumber()) {
      throw ApiError.invalidParameters(field + ": expected a number");
    }
    if (node.asDouble() < min || node.asDouble() > max) {
      throw ApiError.invalidFormat(
          "Invalid %s value, the valid range of %s is %s".formatted(field, field, range.get()));
    }
  }

  /** One text or several; an empty one is as good as none. */
  static List<String> texts(JsonNode root, String field) {
    var value = given(root, field);
    if (value == null) {
      return List.of();
    }
    var texts = new ArrayList<String>();
    for (var each : value.isArray() ? value.values() : List.of(value)) {
      if (!each.isString()) {
        throw ApiError.invalidParameters(field + ": expected a string or a sequence of strings");
      }
      if (!each.asString().isEmpty()) {
        texts.add(each.asString());
      }
    }
    return List.copyOf(texts);
  }

  static @Nullable JsonNode given(JsonNode node, String field) {
    var value = node.get(field);
    return value == null || value.isNull() ? null : value;
  }

  private static String plain(double bound) {
    return Long.toString((long) bound);
  }
}
