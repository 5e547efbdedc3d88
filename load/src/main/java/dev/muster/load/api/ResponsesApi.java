package dev.muster.load.api;

import dev.muster.load.answer.WholeBody;
import dev.muster.load.answer.reader.ResponsesGrammar;
import dev.muster.load.answer.reader.TypedReader;
import dev.muster.load.prompt.Question;
import tools.jackson.databind.json.JsonMapper;

/** OpenAI's Responses API, which other servers have too. */
record ResponsesApi() implements Api {
  private static final JsonMapper JSON = new JsonMapper();

  @Override
  public ApiRequest ask(Question question, HttpChatClient.Spec spec) {
    var body = JSON.createObjectNode();
    body.put("model", spec.model());
    body.set("input", question.messages());
    body.put("stream", spec.stream());
    body.put("max_output_tokens", question.answerTokens());
    Patch.lay(spec.request().body(), body);
    return ApiRequest.post(
        body::toString,
        spec.stream(),
        true,
        _ -> {
          var reader = new TypedReader(new ResponsesGrammar());
          return spec.stream() ? reader : new WholeBody(reader::whole);
        });
  }
}
