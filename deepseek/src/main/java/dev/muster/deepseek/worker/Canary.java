package dev.muster.deepseek.worker;

import java.time.Duration;

/**
 * Finds out whether the engine produces, by asking it for a token as a request does. Any token that
 * it gives meanwhile will do, whoever asked for it: a machine whose queue is full works.
 */
final class Canary {
  private static final Prompt PROMPT = Prompt.unknown(1);

  private final Engine engine;
  private final Duration bound;

  /**
   * @param bound longer than the largest prompt takes, which holds up whatever comes after it
   */
  Canary(Engine engine, Duration bound) {
    this.engine = engine;
    this.bound = bound;
  }

  boolean sings() throws InterruptedException {
    var seen = engine.produced();
    var own = engine.submit(PROMPT, 1);
    try {
      return engine.await(seen, bound);
    } finally {
      own.ifPresent(Generation::cancel);
    }
  }
}
