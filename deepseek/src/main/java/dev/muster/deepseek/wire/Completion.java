package dev.muster.deepseek.wire;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** A whole answer, as a request without {@code stream} gets it, put together from its chunks. */
public final class Completion {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final StringBuilder content = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final ArrayNode calls = JSON.arrayNode();
  private final ArrayNode contentLogprobs = JSON.arrayNode();
  private final ArrayNode reasoningLogprobs = JSON.arrayNode();
  private JsonNode last = MissingNode.getInstance();

  /**
   * @param data of an event: JSON of a chunk
   */
  public void add(String data) {
    last = Json.parse(data);
    var choice = choice();
    var delta = choice.path("delta");
    content.append(delta.path("content").asString(""));
    reasoning.append(delta.path("reasoning_content").asString(""));
    delta.path("tool_calls").forEach(this::addCall);
    choice.path("logprobs").path("content").forEach(contentLogprobs::add);
    choice.path("logprobs").path("reasoning_content").forEach(reasoningLogprobs::add);
  }

  private void addCall(JsonNode part) {
    int index = part.path("index").asInt(0);
    if (index == calls.size()) {
      calls.add(part.deepCopy());
    } else if (calls.path(index).path("function") instanceof ObjectNode function) {
      function.put(
          "arguments",
          function.path("arguments").asString("")
              + part.path("function").path("arguments").asString(""));
    }
  }

  /** It is begun anew. */
  public void clear() {
    content.setLength(0);
    reasoning.setLength(0);
    calls.removeAll();
    contentLogprobs.removeAll();
    reasoningLogprobs.removeAll();
  }

  public String json() {
    var usage = Usage.of(last.path("usage"));
    var thinking =
        usage.thinking() ? ",\"reasoning_content\":" + Json.quote(reasoning.toString()) : "";
    var called = calls.isEmpty() ? "" : ",\"tool_calls\":" + calls;
    return "{\"id\":%s,\"object\":\"chat.completion\",\"created\":%d,\"model\":%s,\"system_fingerprint\":\"%s\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":%s%s%s},\"logprobs\":%s,\"finish_reason\":\"%s\"}],\"usage\":%s}"
        .formatted(
            Json.quote(last.path("id").asString("")),
            last.path("created").asLong(0),
            Json.quote(last.path("model").asString("")),
            Chunks.FINGERPRINT,
            Json.quote(content.toString()),
            thinking,
            called,
            logprobs(usage.thinking()),
            choice().path("finish_reason").asString(""),
            usage.json());
  }

  private String logprobs(boolean thinking) {
    if (contentLogprobs.isEmpty() && reasoningLogprobs.isEmpty()) {
      return "null";
    }
    return "{\"content\":"
        + contentLogprobs
        + (thinking ? ",\"reasoning_content\":" + reasoningLogprobs : "")
        + "}";
  }

  private JsonNode choice() {
    return last.path("choices").path(0);
  }
}
