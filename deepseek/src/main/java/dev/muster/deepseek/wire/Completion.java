package dev.muster.deepseek.wire;

/**
 * A whole answer, as a request without {@code stream} gets it.
 *
 * @param created seconds since the epoch
 * @param reasoning the thinking; empty if there was none
 */
public record Completion(
    String id,
    long created,
    String model,
    String content,
    String reasoning,
    String finishReason,
    Usage usage) {

  public String json() {
    var thinking = usage.thinking() ? ",\"reasoning_content\":" + Json.quote(reasoning) : "";
    return "{\"id\":%s,\"object\":\"chat.completion\",\"created\":%d,\"model\":%s,\"system_fingerprint\":\"%s\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":%s%s},\"logprobs\":null,\"finish_reason\":\"%s\"}],\"usage\":%s}"
        .formatted(
            Json.quote(id),
            created,
            Json.quote(model),
            Chunks.FINGERPRINT,
            Json.quote(content),
            thinking,
            finishReason,
            usage.json());
  }
}
