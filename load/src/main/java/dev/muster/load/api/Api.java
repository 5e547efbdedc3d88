package dev.muster.load.api;

import dev.muster.drill.LoadRequest;
import dev.muster.load.prompt.Question;
import java.util.Map;

/**
 * How one API is asked and how its answers are read: all in which presets differ. Implementations
 * are immutable.
 */
sealed interface Api permits ChatApi, ResponsesApi, MessagesApi, EmbeddingsApi, HttpApi {

  static Api of(LoadRequest.Preset preset) {
    return switch (preset) {
      case DEEPSEEK -> new ChatApi(Dialect.deepseek());
      case OPENAI -> new ChatApi(Dialect.openai());
      case VLLM -> new ChatApi(Dialect.vllm());
      case TGI, OLLAMA, LLAMACPP -> new ChatApi(Dialect.uncounted());
      case OPENAI_RESPONSES -> new ResponsesApi();
      case ANTHROPIC_MESSAGES -> new MessagesApi();
      case EMBEDDINGS -> new EmbeddingsApi();
      case HTTP -> new HttpApi();
    };
  }

  /** What one request says, and how its answer is read. */
  ApiRequest ask(Question question, HttpChatClient.Spec spec);

  /** Headers that this API wants beside the usual ones; a drill may put others in their place. */
  default Map<String, String> headers(LoadRequest request, String apiKey) {
    return Map.of("authorization", "Bearer " + apiKey);
  }
}
