package dev.muster.drill;

import java.util.Arrays;
import java.util.Locale;

/**
 * What a worker of an LLM service does wrong while its process lives: gray failures, which no probe
 * of the process sees. The worker does them itself, on demand.
 */
public enum LlmFailure {
  /** No request gets a token; connections, signs of life and health pages go on. */
  STUCK_DECODE,
  /** Each step takes a factor longer. */
  SLOW_DECODE,
  /** A stream ends cleanly in the middle, without a finish_reason. */
  TRUNCATION,
  /** The connection is reset in the middle. */
  RESET,
  /** All of the answer, but no {@code data: [DONE]}. */
  NO_DONE,
  /** An error as an event of a stream that had begun well. */
  ERROR_IN_BAND,
  /** After some tokens comments only. */
  KEEP_ALIVE_ONLY,
  /** Requests are answered with an error while all health pages say that it is well. */
  LYING_HEALTH,
  /** The prefix cache forgets all before each request. */
  CACHE_LOST,
  /** Some tokens of an answer that is otherwise in order are others. */
  CORRUPT_TOKENS,
  /** From some token on the answer is that to another request. */
  FOREIGN_CACHE,
  /** The model is loaded anew, a factor longer than usual. */
  SLOW_LOAD,
  /** The model is loaded anew, fails at the end of it, and begins again. */
  LOAD_LOOP;

  private static final int SLOWER_DECODE = 8;
  private static final int SLOWER_LOAD = 4;

  /** As in the drill file and in the service's own words. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * @throws IllegalArgumentException if it is the word of none
   */
  public static LlmFailure of(String word) {
    return Arrays.stream(values())
        .filter(failure -> failure.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no gray failure: " + word));
  }

  /** Whether something takes a factor longer. */
  public boolean takesFactor() {
    return this == SLOW_DECODE || this == SLOW_LOAD;
  }

  /** The factor where the drill says none; 0 where the failure has none. */
  int usualFactor() {
    return switch (this) {
      case SLOW_DECODE -> SLOWER_DECODE;
      case SLOW_LOAD -> SLOWER_LOAD;
      default -> 0;
    };
  }

  /** Whether it begins behind some tokens of an answer. */
  public boolean takesAfterTokens() {
    return switch (this) {
      case TRUNCATION, RESET, ERROR_IN_BAND, KEEP_ALIVE_ONLY, CORRUPT_TOKENS, FOREIGN_CACHE -> true;
      case STUCK_DECODE, SLOW_DECODE, NO_DONE, LYING_HEALTH, CACHE_LOST, SLOW_LOAD, LOAD_LOOP ->
          false;
    };
  }
}
