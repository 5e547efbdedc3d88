package dev.muster.load.api;

import dev.muster.load.answer.AnswerRules.Usage;

/**
 * In what the APIs that speak in chat completions differ.
 *
 * @param thinking whether it takes DeepSeek's own field {@code thinking}, which others refuse
 * @param limit the field that bounds an answer's tokens
 * @param usage whether an answer must count its tokens
 */
record Dialect(boolean thinking, String limit, Usage usage) {

  /** Whether it takes a {@code seed}: DeepSeek's documentation has none. */
  boolean seed() {
    return !thinking;
  }

  /** DeepSeek's own. */
  static Dialect deepseek() {
    return new Dialect(true, "max_tokens", Usage.REQUIRED);
  }

  /** Its models that reason refuse max_tokens. */
  static Dialect openai() {
    return new Dialect(false, "max_completion_tokens", Usage.REQUIRED);
  }

  static Dialect vllm() {
    return new Dialect(false, "max_tokens", Usage.REQUIRED);
  }

  /** Of servers whose versions in use differ in whether a stream counts. */
  static Dialect uncounted() {
    return new Dialect(false, "max_tokens", Usage.OPTIONAL);
  }
}
