package dev.muster.load.answer;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a service owes in its answers beside their text and end, and what is made of the text.
 *
 * @param chain whether the answer's text is numbered tokens, as the service announced for this very
 *     answer: see {@code TokenChain}
 * @param digest whether its text is to be told from others by a digest
 */
public record AnswerRules(Usage usage, boolean chain, boolean digest) {
  /**
   * The header of an answer whose text is numbered tokens, with the value {@code chain}. Nothing in
   * the text itself could announce them, for any text may begin like one.
   */
  public static final String CHAIN_HEADER = "x-muster-tokens";

  /** Whether an answer must count its tokens. */
  public enum Usage {
    /** Without {@code usage} it is not complete. */
    REQUIRED,
    /** Where there is no {@code usage}, chunks are counted instead. */
    OPTIONAL
  }

  /** Without a digest. */
  public AnswerRules(Usage usage, boolean chain) {
    this(usage, chain, false);
  }

  /**
   * The same for an answer with such a header.
   *
   * @param header value of {@link #CHAIN_HEADER}; null if the answer has none
   */
  public AnswerRules announced(@Nullable String header) {
    return new AnswerRules(
        usage, header != null && header.strip().toLowerCase(Locale.ROOT).equals("chain"), digest);
  }

  /**
   * @param header value of {@link #CHAIN_HEADER}; null if the answer has none
   */
  public static AnswerRules of(Usage usage, @Nullable String header) {
    return new AnswerRules(usage, false).announced(header);
  }
}
