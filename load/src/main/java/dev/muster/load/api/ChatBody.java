package dev.muster.load.api;

import dev.muster.load.prompt.Question;
import tools.jackson.databind.json.JsonMapper;

/**
 * The body of one request of chat completions.
 *
 * @param userContent content of its last message, which is the user's
 * @param json as sent
 */
record ChatBody(String userContent, String json) {
  private static final JsonMapper JSON = new JsonMapper();

  static ChatBody of(Question question, HttpChatClient.Spec spec, Dialect dialect) {
    var body = JSON.createObjectNode();
    body.put("model", spec.model());
    body.set("messages", question.messages());
    body.put("stream", spec.stream());
    if (spec.stream()) { // vLLM counts no tokens unless it is asked to
      body.putObject("stream_options").put("include_usage", true);
    }
    if (dialect.thinking()) {
      body.putObject("thinking").put("type", "disabled");
    }
    body.put(dialect.limit(), question.answerTokens());
    if (spec.seed() != null) {
      body.put("temperature", 0);
      if (dialect.seed()) {
        body.put("seed", spec.seed());
      }
    }
    Patch.lay(spec.request().body(), body);
    return new ChatBody(question.lastUserContent(), body.toString());
  }
}
