package dev.muster.load.api;

import dev.muster.load.answer.EmbeddingsRule;
import dev.muster.load.answer.WholeBody;
import dev.muster.load.prompt.Question;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Embeddings, as OpenAI began them and most servers have them. */
record EmbeddingsApi() implements Api {
  private static final JsonMapper JSON = new JsonMapper();

  @Override
  public ApiRequest ask(Question question, HttpChatClient.Spec spec) {
    var body = JSON.createObjectNode();
    body.put("model", spec.model());
    body.put("input", question.text());
    Patch.lay(spec.request().body(), body);
    var rule = new EmbeddingsRule(inputs(body.path("input")));
    return ApiRequest.post(body::toString, false, false, _ -> new WholeBody(rule::judge));
  }

  /** A list of numbers is one input, as tokens. */
  private static int inputs(JsonNode input) {
    return input.isArray() && !input.path(0).isNumber() ? input.size() : 1;
  }
}
