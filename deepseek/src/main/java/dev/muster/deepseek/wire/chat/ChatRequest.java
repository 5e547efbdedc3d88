package dev.muster.deepseek.wire.chat;

import dev.muster.deepseek.wire.ApiError;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What matters of a chat-completions request, after DeepSeek's rules were applied to it.
 *
 * <p>A last message of the assistant with {@code prefix: true} is the beginning of the answer,
 * thinking included (DeepSeek's Chat Prefix Completion): what is asked for is its rest.
 *
 * @param maxTokens the client's, or 0 if it set none
 * @param promptTokens estimated as DeepSeek's own documentation does: 0.3 for a Latin character,
 *     0.6 for any other; without those of the prefix
 * @param lastUser content of the last user message; empty if there is none
 * @param prefix of the answer, its thinking first; empty where all of it is asked for
 * @param stop sequences that end the answer; the thinking does not end by them
 * @param json whether the answer has to be a JSON object
 * @param calls functions that are called instead of an answer in text
 * @param topLogprobs how many likely tokens are told for each; -1 where no probability is
 */
public record ChatRequest(
    String model,
    boolean stream,
    boolean includeUsage,
    boolean thinking,
    int maxTokens,
    int promptTokens,
    String lastUser,
    String prefix,
    List<String> stop,
    boolean json,
    List<Tools.Function> calls,
    int topLogprobs) {

  static final int MAX_TOKENS = 393_216;
  public static final String MAX_TOKENS_FIELD = "max_tokens";

  /** OpenAI's later name for the same. */
  public static final String MAX_COMPLETION_TOKENS_FIELD = "max_completion_tokens";

  private static final List<String> ROLES =
      List.of("system", "user", "assistant", "tool", "latest_reminder");
  private static final Set<String> EFFORTS =
      Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");
  private static final Pattern USER_ID = Pattern.compile("[a-zA-Z0-9\\-_]{1,512}");

  /**
   * @throws ApiError 400 or 422, as DeepSeek words it
   */
  public static ChatRequest parse(byte[] body) {
    var root = Fields.object(body);
    var model = Fields.text(root, "model", "");
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
    var stream = Fields.flag(root, "stream");
    var thinking = thinking(root);
    refuseContradictions(root, stream, thinking);
    var json = json(root);

    var lastUser = "";
    var prefix = "";
    var role = "";
    var weight = 0L;
    var saysJson = false;
    for (int i = 0; i < messages.size(); i++) {
      var message = messages.get(i);
      role = Fields.text(message, "role", "messages[" + i + "].");
      if (!ROLES.contains(role)) {
        throw ApiError.invalidParameters(
            "messages[%d].role: unknown variant `%s`, expected one of `%s`"
                .formatted(i, role, String.join("`, `", ROLES)));
      }
      var content = content(message, i);
      if (Fields.flag(message, "prefix")) {
        prefix = prefix(message, role, content, i == messages.size() - 1);
        continue;
      }
      weight += weight(content);
      saysJson |= json && content.toLowerCase(Locale.ROOT).contains("json");
      if (role.equals("user")) {
        lastUser = content;
      }
    }
    if (json && !saysJson) {
      throw ApiError.invalidFormat(
          "Prompt must contain the word 'json' in some form to use 'response_format' of type"
              + " 'json_object'.");
    }
    return new ChatRequest(
        model,
        stream,
        Fields.flag(root.path("stream_options"), "include_usage"),
        thinking,
        maxTokens(root),
        (int) Math.max(1, weight / 10),
        lastUser,
        prefix,
        Fields.texts(root, "stop"),
        json,
        Tools.called(root, role, lastUser),
        Fields.flag(root, "logprobs") ? root.path("top_logprobs").asInt(0) : -1);
  }

  private static String prefix(JsonNode message, String role, String content, boolean last) {
    if (!last || !role.equals("assistant")) {
      throw ApiError.invalidFormat(
          "Invalid prefix: only the last message can have it, and its role has to be assistant");
    }
    return message.path("reasoning_content").asString("") + content;
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

  private static boolean json(JsonNode root) {
    var format = Fields.given(root, "response_format");
    if (format == null) {
      return false;
    }
    return switch (Fields.text(format, "type", "response_format.")) {
      case "text" -> false;
      case "json_object" -> true;
      case "json_schema" ->
          throw ApiError.invalidFormat("This response_format type is unavailable now");
      default ->
          throw ApiError.invalidParameters(
              "response_format.type: unknown variant `%s`, expected `text` or `json_object`"
                  .formatted(format.path("type").asString("")));
    };
  }

  private static void refuseContradictions(JsonNode root, boolean stream, boolean thinking) {
    if (root.hasNonNull("stream_options") && !stream) {
      throw ApiError.invalidFormat("stream_options should be set along with stream = true");
    }
    var choice = root.path("tool_choice");
    if (thinking && (choice.isObject() || choice.asString("").equals("required"))) {
      throw ApiError.invalidFormat("Thinking mode does not support this tool_choice");
    }
    Fields.range(root, "temperature", 0, 2);
    Fields.rangeAbove(root, "top_p", 0, 1);
    Fields.range(root, "frequency_penalty", -2, 2);
    Fields.range(root, "presence_penalty", -2, 2);
    Fields.range(root, "top_logprobs", 0, 20);
    if (root.hasNonNull("top_logprobs") && !Fields.flag(root, "logprobs")) {
      throw ApiError.invalidFormat("top_logprobs should be set along with logprobs = true");
    }
    if (root.path("n").asInt(1) != 1) {
      throw ApiError.invalidFormat("Invalid n value (currently only n = 1 is supported)");
    }
    if (root.path("stop").size() > 16) {
      throw ApiError.invalidFormat("Invalid stop value, at most 16 sequences are allowed");
    }
    var user = root.path("user_id").asString("x");
    if (!USER_ID.matcher(user).matches()) {
      throw ApiError.invalidFormat("Invalid user_id value, expected [a-zA-Z0-9\\-_]{1,512}");
    }
  }

  private static int maxTokens(JsonNode root) {
    Fields.range(root, MAX_TOKENS_FIELD, 1, MAX_TOKENS);
    Fields.range(root, MAX_COMPLETION_TOKENS_FIELD, 1, MAX_TOKENS);
    return root.path(MAX_TOKENS_FIELD).asInt(root.path(MAX_COMPLETION_TOKENS_FIELD).asInt(0));
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

  /** Whether all text of the answer is whole tokens of the chain, so that it can be judged. */
  public boolean chained() {
    return !json && calls.isEmpty() && stop.isEmpty();
  }

  /** Tokens of the prefix, where it is not made of our own. */
  public int prefixTokens() {
    return (int) (weight(prefix) / 10);
  }

  /** Tenths of a token. */
  private static long weight(String text) {
    return text.chars().mapToLong(c -> c < 0x250 ? 3 : 6).sum();
  }

  /**
   * How many tokens an answer in text has: all the client asked for, since that is what a drill can
   * reckon with; without a wish a length of 64..319 that the prompt decides.
   *
   * @param before tokens of it that are there already
   * @return how many are left; 0 where it is whole
   */
  public int answerTokens(int naturalLimit, int before) {
    var wanted = maxTokens > 0 ? before + maxTokens : 64 + new TokenChain(lastUser).seed();
    return Math.max(0, Math.min(wanted, naturalLimit) - before);
  }
}
