package dev.muster.load;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of one chat request. Its prompt holds the request's id, so that no cache answers it and
 * no two answers are alike.
 *
 * @param userContent content of its one message
 * @param json as sent
 */
record ChatBody(String userContent, String json) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String FILLER =
      "Tell what each ship of the convoy carries, where it lies tonight and who keeps its watch. ";

  /** DeepSeek's documentation: one Latin character is about 0.3 tokens. */
  private static final double TOKENS_PER_CHARACTER = 0.3;

  static ChatBody of(String id, HttpChatClient.Spec spec) {
    var content = prompt(id, spec.promptTokens());
    var body = JSON.createObjectNode();
    body.put("model", spec.model());
    body.putArray("messages").addObject().put("role", "user").put("content", content);
    body.put("stream", spec.stream());
    var dialect = Dialect.of(spec.request().preset());
    if (spec.stream()) { // vLLM counts no tokens unless it is asked to
      body.putObject("stream_options").put("include_usage", true);
    }
    if (dialect.thinking()) {
      body.putObject("thinking").put("type", "disabled");
    }
    body.put(dialect.limit(), spec.answerTokens());
    merge(body, JSON.valueToTree(spec.request().body()));
    return new ChatBody(content, body.toString());
  }

  /** RFC 7396: objects are merged, a null takes a field out, anything else takes its place. */
  private static void merge(ObjectNode into, JsonNode patch) {
    for (var field : patch.properties()) {
      if (field.getValue().isNull()) {
        into.remove(field.getKey());
      } else if (field.getValue().isObject()) {
        var inner =
            into.path(field.getKey()) instanceof ObjectNode there ? there : JSON.createObjectNode();
        merge(inner, field.getValue());
        into.set(field.getKey(), inner);
      } else {
        into.set(field.getKey(), field.getValue());
      }
    }
  }

  private static String prompt(String id, int tokens) {
    var text = new StringBuilder("Request ").append(id).append(". ");
    int length = (int) Math.round(tokens / TOKENS_PER_CHARACTER);
    while (text.length() < length) {
      text.append(FILLER, 0, Math.min(FILLER.length(), length - text.length()));
    }
    return text.toString();
  }
}
