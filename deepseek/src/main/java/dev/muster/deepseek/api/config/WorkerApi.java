package dev.muster.deepseek.api.config;

/** How the workers are asked, and what they say. */
public enum WorkerApi {
  /** As this service is: DeepSeek's chat, and text that is the chain of tokens. */
  DEEPSEEK,
  /** An engine with OpenAI's chat, such as llama.cpp's server: its text is its own. */
  OPENAI
}
