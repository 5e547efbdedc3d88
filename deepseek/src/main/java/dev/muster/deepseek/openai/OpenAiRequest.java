package dev.muster.deepseek.openai;

import dev.muster.deepseek.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A chat in DeepSeek's words as an engine with OpenAI's API understands it. */
public final class OpenAiRequest {
  /**
   * Fields that an engine takes for the rest of an answer as for the whole of it. Of any other
   * nobody here knows: a grammar, for one, would begin anew behind the prefix.
   */
  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "messages",
          "stream",
          "stream_options",
          "max_tokens",
          "max_completion_tokens",
          "temperature",
          "top_p",
          "top_k",
          "min_p",
          "stop",
          "seed",
          "n",
          "thinking",
          "reasoning_effort",
          "chat_template_kwargs",
          "frequency_penalty",
          "presence_penalty",
          "repetition_penalty",
          "logit_bias",
          "logprobs",
          "top_logprobs",
          "response_format",
          "tools",
          "tool_choice",
          "parallel_tool_calls",
          "functions",
          "function_call",
          "metadata",
          "store",
          "user",
          "user_id");

  private final byte[] body;
  private final String model;

  private OpenAiRequest(byte[] body, String model) {
    this.body = body;
    this.model = model;
  }

  /**
   * Asks for usage and, where the engine is llama.cpp, for the count of tokens with each chunk. A
   * prefix becomes a last message that is continued, for which engines have two ways: llama.cpp
   * does so unasked, others only by {@code continue_final_message}. Both take these fields.
   *
   * @param chat an object that {@link dev.muster.deepseek.wire.chat.ChatRequest} accepted
   */
  public static OpenAiRequest of(byte[] chat) {
    var asked = (ObjectNode) Json.parse(chat);
    asked.putObject("stream_options").put("include_usage", true);
    asked.put("timings_per_token", true);
    var messages = asked.path("messages");
    if (messages.path(messages.size() - 1) instanceof ObjectNode last
        && last.path("prefix").asBoolean(false)) {
      last.remove("prefix");
      asked.put("continue_final_message", true).put("add_generation_prompt", false);
    }
    if (!thinks(asked)) {
      var own = asked.path("chat_template_kwargs");
      var arguments = own instanceof ObjectNode o ? o : asked.putObject("chat_template_kwargs");
      arguments.put("enable_thinking", false);
    }
    asked.remove("thinking");
    return new OpenAiRequest(
        asked.toString().getBytes(StandardCharsets.UTF_8), asked.path("model").asString(""));
  }

  /**
   * A field because of which the rest cannot be asked of another engine; empty if there is none.
   */
  public static String unknown(JsonNode chat) {
    return chat.propertyNames().stream()
        .filter(name -> !KNOWN.contains(name) && !chat.path(name).isNull())
        .findFirst()
        .orElse("");
  }

  private static boolean thinks(JsonNode asked) {
    return !asked.path("thinking").path("type").asString("").equals("disabled")
        && !asked.path("reasoning_effort").asString("").equals("none");
  }

  /** Not to be changed. */
  public byte[] body() {
    return body;
  }

  /** The model that the client asked for; the engine's own name of it may be a path. */
  public String model() {
    return model;
  }
}
