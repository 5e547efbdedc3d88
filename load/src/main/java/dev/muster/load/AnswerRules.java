package dev.muster.load;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a service owes in its answers beside their text and end.
 *
 * @param chain whether the answer's text is numbered tokens, as the service announced for this very
 *     answer: see {@link TokenChain}
 */
record AnswerRules(Usage usage, boolean chain) {
  /**
   * The header of an answer whose text is numbered tokens, with the value {@code chain}. Nothing in
   * the text itself could announce them, for any text may begin like one.
   */
  static final String CHAIN_HEADER = "x-muster-tokens";

  /** Whether an answer must count its tokens. */
  enum Usage {
    /** Without {@code usage} it is not complete. */
    REQUIRED,
    /** Where there is no {@code usage}, chunks are counted instead. */
    OPTIONAL
  }

  /**
   * @param header value of {@link #CHAIN_HEADER}; null if the answer has none
   */
  static AnswerRules of(Usage usage, @Nullable String header) {
    return new AnswerRules(
        usage, header != null && header.strip().toLowerCase(Locale.ROOT).equals("chain"));
  }
}
