package dev.muster.load.api;

import dev.muster.drill.LoadRequest;
import dev.muster.load.answer.SuccessRule;
import dev.muster.load.answer.WholeBody;
import dev.muster.load.prompt.Question;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Any HTTP service: the drill says what is asked, and what a good answer is. */
record HttpApi() implements Api {
  private static final JsonMapper JSON = new JsonMapper();

  @Override
  public ApiRequest ask(Question question, HttpChatClient.Spec spec) {
    var http = spec.request().http();
    var fields = spec.request().body();
    var body = fields.isEmpty() ? http.text() : JSON.writeValueAsString(fields);
    var rule = new SuccessRule(http.success());
    return new ApiRequest(
        http.method(),
        () -> body,
        fields.isEmpty() ? "text/plain; charset=utf-8" : "application/json",
        "*/*",
        false,
        false,
        http.success()::has,
        http.success().within(),
        _ -> new WholeBody(rule::judge));
  }

  /** A key that a service did not ask for is not its business. */
  @Override
  public Map<String, String> headers(LoadRequest request, String apiKey) {
    return Map.of();
  }
}
