package dev.muster.drill.field;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a worker of an LLM service does wrong while its process lives: gray failures, which no probe
 * of the process sees. The worker does them itself, on demand.
 */
public enum LlmFailure {
  STUCK_DECODE("no request gets a token; health pages stay good"),
  SLOW_DECODE("each step takes factor times as long"),
  TRUNCATION("a stream ends cleanly in the middle, without a finish_reason"),
  RESET("the connection is reset in the middle of an answer"),
  NO_DONE("all of the answer, but no data: [DONE]"),
  ERROR_IN_BAND("an error as an event of a stream that began well"),
  KEEP_ALIVE_ONLY("after some tokens nothing but comments"),
  LYING_HEALTH("requests are answered with 500, all health pages say that it is well"),
  CACHE_LOST("the prefix cache forgets all before each request"),
  CORRUPT_TOKENS("each third token of an answer is another one"),
  FOREIGN_CACHE("from some token on the answer is that to another request"),
  SLOW_LOAD("the model is loaded anew and takes factor times as long"),
  LOAD_LOOP("the model is loaded anew, fails at the end and begins again");

  private static final int SLOWER_DECODE = 8;
  private static final int SLOWER_LOAD = 4;

  private final String meaning;

  LlmFailure(String meaning) {
    this.meaning = meaning;
  }

  /** What each is, by its word. */
  public static Map<String, String> meanings() {
    Map<String, String> meanings = new LinkedHashMap<>();
    Arrays.stream(values()).forEach(failure -> meanings.put(failure.word(), failure.meaning));
    return meanings;
  }

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
  public int usualFactor() {
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
