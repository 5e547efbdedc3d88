package dev.muster.load.api;

import dev.muster.drill.LoadRequest;
import dev.muster.load.answer.WholeBody;
import dev.muster.load.answer.reader.MessagesGrammar;
import dev.muster.load.answer.reader.TypedReader;
import dev.muster.load.prompt.Question;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Anthropic's Messages API, which other servers have too. */
record MessagesApi() implements Api {
  private static final JsonMapper JSON = new JsonMapper();

  /** The only version that it has had in years; without one it refuses. */
  private static final String VERSION = "2023-06-01";

  @Override
  public ApiRequest ask(Question question, HttpChatClient.Spec spec) {
    var body = JSON.createObjectNode();
    body.put("model", spec.model());
    body.put("max_tokens", question.answerTokens());
    var messages = body.putArray("messages");
    for (var message : question.messages()) {
      if (message.path("role").asString("").equals("system")) { // it has a place of its own
        body.set("system", message.path("content"));
      } else {
        messages.add(message);
      }
    }
    body.put("stream", spec.stream());
    Patch.lay(spec.request().body(), body);
    return ApiRequest.post(
        body::toString,
        spec.stream(),
        true,
        _ -> {
          var reader = new TypedReader(new MessagesGrammar());
          return spec.stream() ? reader : new WholeBody(reader::whole);
        });
  }

  /** Who gives an authorization means it in place of the key. */
  @Override
  public Map<String, String> headers(LoadRequest request, String apiKey) {
    boolean other = request.headers().keySet().stream().anyMatch("authorization"::equalsIgnoreCase);
    return other
        ? Map.of("anthropic-version", VERSION)
        : Map.of("anthropic-version", VERSION, "x-api-key", apiKey);
  }
}
