package dev.muster.deepseek.fault;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Json;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A failure that somebody asked for.
 *
 * @param id by which it is renewed and ended
 * @param ttl after which it ends by itself, from a millisecond to 24 hours
 * @param factor how many times as long a step, or a load, takes; 1 where that has no meaning
 * @param afterTokens how much of an answer is sound, in tokens of that answer
 */
public record Fault(String id, Failure failure, Duration ttl, double factor, int afterTokens) {
  private static final List<String> FIELDS =
      List.of("id", "failure", "ttl_ms", "factor", "after_tokens");

  /** Goes into a path as it is. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private static final long LONGEST = Duration.ofHours(24).toMillis();
  private static final double SLOWEST = 1_000;
  private static final int MOST_TOKENS = 1_000_000;
  private static final int USUAL_TOKENS = 5;
  private static final double USUAL_STEP = 8;
  private static final double USUAL_LOAD = 4;

  /**
   * Reads what was asked for.
   *
   * @throws ApiError 400 naming the field that is wrong
   */
  static Fault parse(byte[] json) {
    var root = object(json);
    root.propertyNames()
        .forEach(name -> {
          if (!FIELDS.contains(name)) {
            throw bad(name, "is not known; there are " + String.join(", ", FIELDS));
          }
        });
    var id = text(root, "id");
    if (!ID.matcher(id).matches()) {
      throw bad("id", "expected 1 to 128 letters, digits, dots, colons, - or _");
    }
    var word = text(root, "failure");
    var failure =
        Failure.of(word).orElseThrow(() -> bad("failure", "is one of " + Failure.words()));
    var ttl = whole(root, "ttl_ms", 1, LONGEST);
    if (ttl == null) {
      throw bad("ttl_ms", "is missing");
    }
    return new Fault(
        id, failure, Duration.ofMillis(ttl), factor(root, failure), afterTokens(root, failure));
  }

  private static JsonNode object(byte[] json) {
    JsonNode root;
    try {
      root = Json.parse(json);
    } catch (JacksonException e) {
      throw ApiError.invalidFormat("The fault is no JSON: " + e.getOriginalMessage());
    }
    if (!root.isObject()) {
      throw ApiError.invalidFormat("The fault is no JSON object.");
    }
    return root;
  }

  private static double factor(JsonNode root, Failure failure) {
    var node = setting(root, "factor", failure, Failure.Setting.FACTOR);
    var step = failure == Failure.SLOW_DECODE;
    if (node == null) {
      return failure.setting() != Failure.Setting.FACTOR ? 1 : step ? USUAL_STEP : USUAL_LOAD;
    }
    var factor = node.isNumber() ? node.asDouble() : 0;
    if (factor < 1 || (step && factor == 1) || factor > SLOWEST) {
      throw bad(
          "factor",
          "expected a number %s 1, at most %.0f".formatted(step ? "above" : "from", SLOWEST));
    }
    return factor;
  }

  private static int afterTokens(JsonNode root, Failure failure) {
    setting(root, "after_tokens", failure, Failure.Setting.AFTER_TOKENS);
    var given = whole(root, "after_tokens", 0, MOST_TOKENS);
    return given == null ? USUAL_TOKENS : given.intValue();
  }

  private static @Nullable JsonNode setting(
      JsonNode root, String field, Failure failure, Failure.Setting setting) {
    @Nullable JsonNode node = root.get(field);
    if (node != null && failure.setting() != setting) {
      throw bad(field, "has no meaning for " + failure.word());
    }
    return node;
  }

  private static String text(JsonNode root, String field) {
    var node = root.path(field);
    if (!node.isString()) {
      throw bad(field, node.isMissingNode() ? "is missing" : "expected a text");
    }
    return node.asString();
  }

  private static @Nullable Long whole(JsonNode root, String field, long min, long max) {
    var node = root.path(field);
    if (node.isMissingNode()) {
      return null;
    }
    if (!node.isIntegralNumber()
        || !node.canConvertToLong()
        || node.asLong() < min
        || node.asLong() > max) {
      throw bad(field, "expected a whole number from %d to %d".formatted(min, max));
    }
    return node.asLong();
  }

  private static ApiError bad(String field, String why) {
    return ApiError.invalidFormat("`" + field + "` " + why + ".");
  }
}
