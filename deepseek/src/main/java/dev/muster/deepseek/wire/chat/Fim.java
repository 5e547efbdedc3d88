package dev.muster.deepseek.wire.chat;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request to fill in the middle (DeepSeek's {@code /beta/completions}) and its answer. Within the
 * service it is a chat without thinking, whose system message is the suffix and whose user message
 * the prompt: so another worker can go on with it as with any answer. One thread uses it.
 */
public final class Fim {
  private static final int MAX_TOKENS = 4096;
  private static final List<String> SAME =
      List.of(
          "model",
          "stream",
          "stream_options",
          "stop",
          "temperature",
          "top_p",
          "frequency_penalty",
          "presence_penalty",
          "max_tokens",
          "n");

  private final JsonNode asked;
  private final String prompt;
  private final boolean echo;
  private int offset;

  private Fim(JsonNode asked, String prompt, boolean echo) {
    this.asked = asked;
    this.prompt = prompt;
    this.echo = echo;
  }

  /**
   * @throws ApiError 400 or 422, for what a chat has not
   */
  public static Fim parse(byte[] body) {
    var root = Fields.object(body);
    var prompt = Fields.text(root, "prompt", "");
    if (root.hasNonNull("suffix")) {
      Fields.text(root, "suffix", "");
    }
    Fields.range(root, "logprobs", 0, 20);
    Fields.range(root, "max_tokens", 1, MAX_TOKENS);
    return new Fim(root, prompt, Fields.flag(root, "echo"));
  }

  /** The same as a chat. */
  public byte[] chat() {
    var chat = JsonNodeFactory.instance.objectNode();
    for (var field : SAME) {
      if (asked.has(field)) {
        chat.set(field, asked.path(field));
      }
    }
    chat.putObject("thinking").put("type", "disabled");
    if (asked.hasNonNull("logprobs")) {
      chat.put("logprobs", true).set("top_logprobs", asked.path("logprobs"));
    }
    var messages = chat.putArray("messages");
    if (asked.hasNonNull("suffix")) {
      messages.addObject().put("role", "system").set("content", asked.path("suffix"));
    }
    messages.addObject().put("role", "user").put("content", prompt);
    return chat.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A chunk of the chat as one of this answer; they come in their order. */
  public String chunk(String chat) {
    return completion(chat, "delta");
  }

  /** The whole answer of the chat as this one. */
  public String whole(String chat) {
    return completion(chat, "message");
  }

  private String completion(String chat, String where) {
    var completion = (ObjectNode) Json.parse(chat);
    var choice = completion.path("choices").path(0);
    var text = choice.path(where).path("content").asString("");
    boolean first = choice.path(where).path("role").isString();
    if (echo && first) {
      text = prompt + text;
      offset = prompt.length();
    }
    completion.put("object", "text_completion");
    var told = completion.putArray("choices").addObject();
    told.put("index", 0).put("text", text);
    told.set("logprobs", logprobs(choice.path("logprobs").path("content")));
    told.set("finish_reason", choice.path("finish_reason"));
    return completion.toString();
  }

  private JsonNode logprobs(JsonNode tokens) {
    if (!tokens.isArray()) {
      return JsonNodeFactory.instance.nullNode();
    }
    var all = JsonNodeFactory.instance.objectNode();
    var offsets = all.putArray("text_offset");
    var values = all.putArray("token_logprobs");
    var texts = all.putArray("tokens");
    var top = all.putArray("top_logprobs");
    for (var each : tokens) {
      var text = each.path("token").asString("");
      offsets.add(offset);
      offset += text.length();
      values.add(each.path("logprob"));
      texts.add(text);
      var likely = top.addObject();
      each.path("top_logprobs")
          .forEach(one -> likely.set(one.path("token").asString(""), one.path("logprob")));
    }
    return all;
  }
}
