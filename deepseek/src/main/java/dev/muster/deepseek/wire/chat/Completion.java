package dev.muster.deepseek.wire.chat;

import dev.muster.deepseek.wire.Json;
import tools.jackson.core.JsonGenerator;
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
    return Json.object(json -> {
      json.writeStringProperty("id", last.path("id").asString(""))
          .writeStringProperty("object", "chat.completion")
          .writeNumberProperty("created", last.path("created").asLong(0))
          .writeStringProperty("model", last.path("model").asString(""))
          .writeStringProperty("system_fingerprint", Chunks.FINGERPRINT)
          .writeArrayPropertyStart("choices")
          .writeStartObject()
          .writeNumberProperty("index", 0);
      message(json, usage.thinking());
      logprobs(json, usage.thinking());
      json.writeStringProperty("finish_reason", choice().path("finish_reason").asString(""))
          .writeEndObject()
          .writeEndArray();
      Json.raw(json, "usage", usage.json());
    });
  }

  private void message(JsonGenerator json, boolean thinking) {
    json.writeObjectPropertyStart("message")
        .writeStringProperty("role", "assistant")
        .writeStringProperty("content", content.toString());
    if (thinking) {
      json.writeStringProperty("reasoning_content", reasoning.toString());
    }
    if (!calls.isEmpty()) {
      Json.raw(json, "tool_calls", calls.toString());
    }
    json.writeEndObject();
  }

  private void logprobs(JsonGenerator json, boolean thinking) {
    if (contentLogprobs.isEmpty() && reasoningLogprobs.isEmpty()) {
      json.writeNullProperty("logprobs");
      return;
    }
    json.writeObjectPropertyStart("logprobs");
    Json.raw(json, "content", contentLogprobs.toString());
    if (thinking) {
      Json.raw(json, "reasoning_content", reasoningLogprobs.toString());
    }
    json.writeEndObject();
  }

  private JsonNode choice() {
    return last.path("choices").path(0);
  }
}
