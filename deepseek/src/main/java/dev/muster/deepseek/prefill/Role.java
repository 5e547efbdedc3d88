package dev.muster.deepseek.prefill;

/** What a worker does of a request. */
public enum Role {
  /** It reads the prompt and writes the answer. */
  BOTH,
  /** It reads prompts and hands their KV cache over. */
  PREFILL,
  /** It writes answers, and has their prompts read by others. */
  DECODE
}
