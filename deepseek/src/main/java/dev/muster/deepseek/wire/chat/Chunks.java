package dev.muster.deepseek.wire.chat;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Json;

/**
 * The events of one streamed answer, each with its blank line. The constant parts are built once: a
 * token costs one concatenation.
 */
public final class Chunks {
  public static final String DONE = "data: [DONE]\n\n";
  public static final String KEEP_ALIVE = ": keep-alive\n\n";
  public static final String FINGERPRINT = "fp_a49d71b8a1";
  private static final String NO_LOGPROBS = ",\"logprobs\":null";

  private final String head;
  private final String tail;
  private final boolean thinking;
  private final boolean usageOnAll;
  private final int topLogprobs;

  /**
   * @param created seconds since the epoch
   */
  public Chunks(String id, long created, ChatRequest request) {
    this(
        id,
        created,
        request.model(),
        request.thinking(),
        request.includeUsage(),
        request.topLogprobs());
  }

  /**
   * @param created seconds since the epoch
   * @param includeUsage {@code stream_options.include_usage}: null usage on all but the last
   * @param topLogprobs how many likely tokens are told for each; -1 where no probability is
   */
  public Chunks(
      String id,
      long created,
      String model,
      boolean thinking,
      boolean includeUsage,
      int topLogprobs) {
    this.thinking = thinking;
    this.usageOnAll = includeUsage;
    this.topLogprobs = topLogprobs;
    head = "data: {\"id\":" + Json.quote(id) + ",\"choices\":[{\"index\":0,\"delta\":";
    tail =
        "}],\"created\":%d,\"model\":%s,\"system_fingerprint\":\"%s\",\"object\":\"chat.completion.chunk\""
            .formatted(created, Json.quote(model), FINGERPRINT);
  }

  public String first() {
    return chunk(
        thinking
            ? "{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"\"}"
            : "{\"content\":\"\",\"role\":\"assistant\"}",
        NO_LOGPROBS);
  }

  public String reasoning(String token) {
    return chunk(
        "{\"content\":null,\"reasoning_content\":" + Json.quote(token) + "}",
        topLogprobs < 0
            ? NO_LOGPROBS
            : ",\"logprobs\":{\"content\":null,\"reasoning_content\":["
                + Logprobs.of(token, topLogprobs)
                + "]}");
  }

  public String answer(String token) {
    return chunk(
        thinking
            ? "{\"content\":" + Json.quote(token) + ",\"reasoning_content\":null}"
            : "{\"content\":" + Json.quote(token) + "}",
        topLogprobs < 0
            ? NO_LOGPROBS
            : ",\"logprobs\":{\"content\":["
                + Logprobs.of(token, topLogprobs)
                + (thinking ? "],\"reasoning_content\":null}" : "]}"));
  }

  /** The beginning of a call; its arguments follow. */
  public String call(int index, String id, String function) {
    return chunk(
        "{\"tool_calls\":[{\"index\":%d,\"id\":%s,\"type\":\"function\",\"function\":{\"name\":%s,\"arguments\":\"\"}}]}"
            .formatted(index, Json.quote(id), Json.quote(function)),
        NO_LOGPROBS);
  }

  /** A part of the text of a call's arguments. */
  public String arguments(int index, String part) {
    return chunk(
        "{\"tool_calls\":[{\"index\":%d,\"function\":{\"arguments\":%s}}]}"
            .formatted(index, Json.quote(part)),
        NO_LOGPROBS);
  }

  /**
   * Usage rides on the last chunk, always.
   *
   * @param text before a stop sequence, of a token that is not whole
   */
  public String last(String text, String finishReason, Usage usage) {
    return head
        + "{\"content\":"
        + Json.quote(text)
        + ",\"role\":null},\"finish_reason\":\""
        + finishReason
        + "\""
        + NO_LOGPROBS
        + tail
        + ",\"usage\":"
        + usage.json()
        + "}\n\n";
  }

  /** An error inside a stream that has begun; nothing may follow it. */
  public static String error(String message) {
    return "data: " + ApiError.server(message).json() + "\n\n";
  }

  private String chunk(String delta, String logprobs) {
    return head
        + delta
        + ",\"finish_reason\":null"
        + logprobs
        + tail
        + (usageOnAll ? ",\"usage\":null}\n\n" : "}\n\n");
  }
}
