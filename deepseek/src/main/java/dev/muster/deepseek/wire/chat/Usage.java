package dev.muster.deepseek.wire.chat;

import tools.jackson.databind.JsonNode;

/**
 * Tokens of one request.
 *
 * @param completion includes the reasoning tokens
 * @param cached prompt tokens found in the prefix cache
 * @param thinking whether the request thought at all; without it DeepSeek leaves the details out
 */
public record Usage(int prompt, int cached, int completion, int reasoning, boolean thinking) {

  public String json() {
    var details =
        thinking ? ",\"completion_tokens_details\":{\"reasoning_tokens\":" + reasoning + "}" : "";
    return "{\"prompt_tokens\":"
        + prompt
        + ",\"completion_tokens\":"
        + completion
        + ",\"total_tokens\":"
        + (prompt + completion)
        + ",\"prompt_tokens_details\":{\"cached_tokens\":"
        + cached
        + '}'
        + details
        + ",\"prompt_cache_hit_tokens\":"
        + cached
        + ",\"prompt_cache_miss_tokens\":"
        + (prompt - cached)
        + '}';
  }

  /** Reads what {@link #json} wrote; absent fields count as 0. */
  public static Usage of(JsonNode node) {
    var details = node.path("completion_tokens_details");
    return new Usage(
        node.path("prompt_tokens").asInt(0),
        node.path("prompt_cache_hit_tokens").asInt(0),
        node.path("completion_tokens").asInt(0),
        details.path("reasoning_tokens").asInt(0),
        details.isObject());
  }
}
