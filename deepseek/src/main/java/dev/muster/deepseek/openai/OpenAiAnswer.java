package dev.muster.deepseek.openai;

import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.chat.Chunk;
import dev.muster.deepseek.wire.chat.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The events of one streamed answer of an engine with OpenAI's API, made DeepSeek's: usage comes in
 * the chunk that ends the answer and not behind it, and in DeepSeek's fields. One thread uses it.
 */
public final class OpenAiAnswer {
  private static final String DONE = "[DONE]";

  private final String model;
  private int told; // tokens so far, as the engine counts them
  private int prompt;
  private int thoughts;
  private @Nullable ObjectNode last;

  /**
   * @param model what the client asked for
   */
  public OpenAiAnswer(String model) {
    this.model = model;
  }

  /**
   * The chunk for an event's data; null where it has to wait for the next event.
   *
   * @throws IOException if it is no event of such an answer
   */
  public @Nullable Chunk chunk(byte[] data) throws IOException {
    var text = new String(data, StandardCharsets.UTF_8);
    if (text.strip().equals(DONE)) {
      return last(); // an engine that tells no usage
    }
    if (!(parsed(text) instanceof ObjectNode chunk)) {
      throw new IOException("the engine sent no chunk: " + text);
    }
    if (chunk.has("error")) {
      return chunk(bytes(chunk.retain(List.of("error"))), 0);
    }
    boolean usage = chunk.path("usage").isObject();
    var choice = chunk.path("choices").path(0);
    if (choice.path("finish_reason").isString()) {
      last = chunk;
      return usage ? last() : null;
    }
    if (last != null) {
      if (usage) {
        last.set("usage", chunk.path("usage"));
      }
      return usage ? last() : null;
    }
    return part(chunk, choice.path("delta"));
  }

  private Chunk part(ObjectNode chunk, JsonNode delta) {
    boolean thought = !delta.path("reasoning_content").asString("").isEmpty();
    boolean text = thought || !delta.path("content").asString("").isEmpty();
    int tokens = text ? count(chunk.path("timings")) : 0;
    told += tokens;
    thoughts += thought ? tokens : 0;
    chunk.put("model", model);
    chunk.remove(List.of("timings", "usage"));
    return chunk(bytes(chunk), tokens);
  }

  /**
   * Tokens since the last text, more than one where a letter took several; one where llama.cpp's
   * {@code timings} are not told.
   */
  private int count(JsonNode timings) {
    if (!timings.isObject()) {
      return 1;
    }
    prompt = timings.path("cache_n").asInt(0) + timings.path("prompt_n").asInt(0);
    return Math.max(0, timings.path("predicted_n").asInt(0) - told);
  }

  private Chunk last() throws IOException {
    var chunk = last;
    if (chunk == null) {
      throw new IOException("the engine ended its answer without a finish_reason");
    }
    last = null;
    var usage = chunk.path("usage");
    var reasoning =
        usage.path("completion_tokens_details").path("reasoning_tokens").asInt(thoughts);
    int completion = usage.path("completion_tokens").asInt(told);
    var ours =
        new Usage(
            usage.path("prompt_tokens").asInt(prompt),
            usage.path("prompt_tokens_details").path("cached_tokens").asInt(0),
            completion,
            Math.min(reasoning, completion),
            reasoning > 0);
    chunk.put("model", model).remove("timings");
    chunk.set("usage", Json.parse(ours.json()));
    return chunk(bytes(chunk), 0);
  }

  private Chunk chunk(byte[] json, int tokens) {
    return new Chunk(json, tokens, prompt);
  }

  private static JsonNode parsed(String text) throws IOException {
    try {
      return Json.parse(text);
    } catch (JacksonException e) {
      throw new IOException("the engine sent no JSON: " + text, e);
    }
  }

  private static byte[] bytes(JsonNode chunk) {
    return chunk.toString().getBytes(StandardCharsets.UTF_8);
  }
}
