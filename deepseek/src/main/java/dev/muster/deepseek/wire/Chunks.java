package dev.muster.deepseek.wire;

/**
 * The events of one streamed answer, each with its blank line. The constant parts are built once: a
 * token costs one concatenation.
 */
public final class Chunks {
  public static final String DONE = "data: [DONE]\n\n";
  public static final String KEEP_ALIVE = ": keep-alive\n\n";
  public static final String FINGERPRINT = "fp_a49d71b8a1";

  private final String head;
  private final String middle;
  private final boolean thinking;
  private final boolean usageOnAll;

  /**
   * @param created seconds since the epoch
   * @param includeUsage {@code stream_options.include_usage}: null usage on all but the last
   */
  public Chunks(String id, long created, String model, boolean thinking, boolean includeUsage) {
    this.thinking = thinking;
    this.usageOnAll = includeUsage;
    head = "data: {\"id\":" + Json.quote(id) + ",\"choices\":[{\"index\":0,\"delta\":";
    middle =
        ",\"logprobs\":null}],\"created\":%d,\"model\":%s,\"system_fingerprint\":\"%s\",\"object\":\"chat.completion.chunk\""
            .formatted(created, Json.quote(model), FINGERPRINT);
  }

  public String first() {
    return chunk(
        thinking
            ? "{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"\"}"
            : "{\"content\":\"\",\"role\":\"assistant\"}");
  }

  /**
   * @param token needs no JSON escapes
   */
  public String reasoning(String token) {
    return chunk("{\"content\":null,\"reasoning_content\":\"" + token + "\"}");
  }

  /**
   * @param token needs no JSON escapes
   */
  public String answer(String token) {
    return chunk(
        thinking
            ? "{\"content\":\"" + token + "\",\"reasoning_content\":null}"
            : "{\"content\":\"" + token + "\"}");
  }

  /** Usage rides on the last chunk, always. */
  public String last(String finishReason, Usage usage) {
    return head
        + "{\"content\":\"\",\"role\":null},\"finish_reason\":\""
        + finishReason
        + "\""
        + middle
        + ",\"usage\":"
        + usage.json()
        + "}\n\n";
  }

  /** An error inside a stream that has begun; nothing may follow it. */
  public static String error(String message) {
    return "data: " + ApiError.server(message).json() + "\n\n";
  }

  private String chunk(String delta) {
    return head
        + delta
        + ",\"finish_reason\":null"
        + middle
        + (usageOnAll ? ",\"usage\":null}\n\n" : "}\n\n");
  }
}
