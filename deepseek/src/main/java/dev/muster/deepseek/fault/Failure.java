package dev.muster.deepseek.fault;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A way to fail that no health page tells of. */
public enum Failure {
  /** The engine gives no token to anybody; connections and signs of life go on. */
  STUCK_DECODE(Setting.NONE),
  /** Each step of the engine takes longer. */
  SLOW_DECODE(Setting.FACTOR),
  /** An answer ends as if it were complete, in its middle. */
  TRUNCATION(Setting.AFTER_TOKENS),
  /** An answer's connection is reset. */
  RESET(Setting.AFTER_TOKENS),
  /** A stream lacks its last event, {@code [DONE]}, and nothing else. */
  NO_DONE(Setting.NONE),
  /** An answer ends with an error inside of it. */
  ERROR_IN_BAND(Setting.AFTER_TOKENS),
  /** An answer goes on with signs of life alone. */
  KEEP_ALIVE_ONLY(Setting.AFTER_TOKENS),
  /** Completions are answered with 500 while all health pages are good. */
  LYING_HEALTH(Setting.NONE),
  /** The prefix cache finds nothing. */
  CACHE_LOST(Setting.NONE),
  /** Each third token is another one. */
  CORRUPT_TOKENS(Setting.AFTER_TOKENS),
  /** The text becomes that of another request. */
  FOREIGN_CACHE(Setting.AFTER_TOKENS),
  /** The model is loaded anew, and slowly. */
  SLOW_LOAD(Setting.FACTOR),
  /** The model is loaded anew, and fails to at the end of each load. */
  LOAD_LOOP(Setting.NONE);

  /** What can be set of it. */
  enum Setting {
    NONE,
    FACTOR,
    AFTER_TOKENS
  }

  private final Setting setting;

  Failure(Setting setting) {
    this.setting = setting;
  }

  Setting setting() {
    return setting;
  }

  /** As in {@code stuck-decode}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Failure> of(String word) {
    return Arrays.stream(values()).filter(f -> f.word().equals(word)).findFirst();
  }

  static String words() {
    return Arrays.stream(values()).map(Failure::word).collect(Collectors.joining(", "));
  }
}
