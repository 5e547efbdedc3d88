package dev.muster.load;

import dev.muster.drill.LoadRequest.Preset;
import dev.muster.load.AnswerRules.Usage;

/**
 * In what the APIs that speak in chat completions differ.
 *
 * @param thinking whether it takes DeepSeek's own field {@code thinking}, which others refuse
 * @param limit the field that bounds an answer's tokens
 * @param usage whether an answer must count its tokens
 */
record Dialect(boolean thinking, String limit, Usage usage) {

  static Dialect of(Preset preset) {
    return switch (preset) {
      case DEEPSEEK -> new Dialect(true, "max_tokens", Usage.REQUIRED);
      // max_tokens is refused by its models that reason
      case OPENAI -> new Dialect(false, "max_completion_tokens", Usage.REQUIRED);
      case VLLM -> new Dialect(false, "max_tokens", Usage.REQUIRED);
      // versions in use differ in whether a stream counts
      case TGI, OLLAMA, LLAMACPP -> new Dialect(false, "max_tokens", Usage.OPTIONAL);
    };
  }
}
