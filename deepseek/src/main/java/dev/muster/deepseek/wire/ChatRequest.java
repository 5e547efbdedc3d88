package dev.muster.deepseek.wire;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What matters of a chat-completions request, after DeepSeek's rules were applied to it.
 *
 * @param maxTokens the client's, or 0 if it set none
 * @param promptTokens estimated as DeepSeek's own documentation does: 0.3 for a Latin character,
 *     0.6 for any other
 * @param lastUser content of the last user message; empty if there is none
 */
public record ChatRequest(
    String model,
    boolean stream,
    boolean includeUsage,
    boolean thinking,
    int maxTokens,
    int promptTokens,
    String lastUser) {

  static final int MAX_TOKENS = 393_216;
  private static final List<String> ROLES =
      List.of("system", "user", "assistant", "tool", "latest_reminder");
  private static final Set<String> EFFORTS =
      Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");
  private static final Pattern USER_ID = Pattern.compile("[a-zA-Z0-9\\-_]{1,512}");

  /**
   * @throws ApiError 400 or 422, as DeepSeek words it
   */
  public static ChatRequest parse(byte[] body) {
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
    var model = text(root, "model");
    var messages = root.get("messages");
    if (messages == null) {
      throw ApiError.invalidParameters("missing field `messages`");
    }
    if (!messages.isArray()) {
      throw ApiError.invalidParameters("messages: expected a sequence");
    }
    if (messages.isEmpty()) {
      throw ApiError.invalidFormat("Empty input messages");
    }
    var stream = flag(root, "stream");
    var thinking = thinking(root);
    refuseContradictions(root, stream, thinking);

    var lastUser = "";
    var weight = 0L;
    for (int i = 0; i < messages.size(); i++) {
      var message = messages.get(i);
      var role = text(message, "role", "messages[" + i + "].");
      if (!ROLES.contains(role)) {
        throw ApiError.invalidParameters(
            "messages[%d].role: unknown variant `%s`, expected one of `%s`"
                .formatted(i, role, String.join("`, `", ROLES)));
      }
      var content = content(message, i);
      weight += weight(content);
      if (role.equals("user")) {
        lastUser = content;
      }
    }
    return new ChatRequest(
        model,
        stream,
        flag(root.path("stream_options"), "include_usage"),
        thinking,
        maxTokens(root),
        (int) Math.max(1, weight / 10),
        lastUser);
  }

  private static boolean thinking(JsonNode root) {
    var effort = root.path("reasoning_effort").asString(effortInside(root.path("thinking")));
    if (!EFFORTS.contains(effort)) {
      throw ApiError.invalidParameters("reasoning_effort: unknown variant `" + effort + "`");
    }
    var type = root.path("thinking").path("type").asString("enabled");
    return switch (type) {
      case "enabled" -> !effort.equals("none");
      case "disabled" -> false;
      default ->
          throw ApiError.invalidParameters(
              "thinking.type: unknown variant `%s`, expected `enabled` or `disabled`"
                  .formatted(type));
    };
  }

  private static String effortInside(JsonNode thinking) {
    return thinking.path("reasoning_effort").asString("high");
  }

  private static void refuseContradictions(JsonNode root, boolean stream, boolean thinking) {
    if (root.hasNonNull("stream_options") && !stream) {
      throw ApiError.invalidFormat("stream_options should be set along with stream = true");
    }
    var choice = root.path("tool_choice");
    if (thinking && (choice.isObject() || choice.asString("").equals("required"))) {
      throw ApiError.invalidFormat("Thinking mode does not support this tool_choice");
    }
    range(root, "temperature", 0, 2);
    range(root, "top_p", 0, 1);
    range(root, "top_logprobs", 0, 20);
    if (root.path("stop").size() > 16) {
      throw ApiError.invalidFormat("Invalid stop value, at most 16 sequences are allowed");
    }
    var user = root.path("user_id").asString("x");
    if (!USER_ID.matcher(user).matches()) {
      throw ApiError.invalidFormat("Invalid user_id value, expected [a-zA-Z0-9\\-_]{1,512}");
    }
  }

  private static void range(JsonNode root, String field, double min, double max) {
    var node = root.get(field);
    if (node == null || node.isNull()) {
      return;
    }
    if (!node.isNumber()) {
      throw ApiError.invalidParameters(field + ": expected a number");
    }
    if (node.asDouble() < min || node.asDouble() > max) {
      throw ApiError.invalidFormat(
          "Invalid %s value, the valid range of %s is [%s, %s]"
              .formatted(field, field, plain(min), plain(max)));
    }
  }

  private static int maxTokens(JsonNode root) {
    range(root, "max_tokens", 1, MAX_TOKENS);
    return root.path("max_tokens").asInt(0);
  }

  private static String plain(double bound) {
    return Long.toString((long) bound);
  }

  private static boolean flag(JsonNode node, String field) {
    var value = node.get(field);
    if (value == null || value.isNull()) {
      return false;
    }
    if (!value.isBoolean()) {
      throw ApiError.invalidParameters(field + ": expected a boolean");
    }
    return value.asBoolean();
  }

  private static String text(JsonNode node, String field) {
    return text(node, field, "");
  }

  private static String text(JsonNode node, String field, String where) {
    @Nullable JsonNode value = node.get(field);
    if (value == null) {
      throw ApiError.invalidParameters(where + "missing field `" + field + "`");
    }
    if (!value.isString()) {
      throw ApiError.invalidParameters(where + field + ": expected a string");
    }
    return value.asString();
  }

  private static String content(JsonNode message, int i) {
    var content = message.path("content");
    if (content.isString()) {
      return content.asString();
    }
    if (content.isArray()) {
      var joined = new StringBuilder();
      for (var part : content) {
        joined.append(part.path("text").asString(""));
      }
      return joined.toString();
    }
    if (content.isMissingNode() || content.isNull()) {
      return "";
    }
    throw ApiError.invalidParameters("messages[" + i + "].content: expected a string");
  }

  /** Tenths of a token. */
  private static long weight(String text) {
    return text.chars().mapToLong(c -> c < 0x250 ? 3 : 6).sum();
  }

  /**
   * How many tokens the answer has: all the client asked for, since that is what a drill can reckon
   * with; without a wish a length of 64..319 that the prompt decides.
   */
  public int answerTokens(int naturalLimit) {
    var wanted = maxTokens > 0 ? maxTokens : 64 + new TokenChain(lastUser).seed();
    return Math.min(wanted, naturalLimit);
  }
}
