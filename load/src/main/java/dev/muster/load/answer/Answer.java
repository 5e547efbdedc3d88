package dev.muster.load.answer;

import dev.muster.timeline.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a client got of one answer's body.
 *
 * @param detail what was wrong, everything in its order, see {@link Flaws}; null if nothing was
 * @param tokens received, reasoning and answer
 * @param countedByChunk whether {@code tokens} are pieces of text, because no usage told their
 *     number
 * @param longestGapMillis longest silence between tokens after the first
 * @param checked whether the text was numbered tokens, see {@code TokenChain}
 * @param finishReason as the service gave it, also content_filter, length and tool_calls, with
 *     which an answer is as complete as with stop; null if it gave none
 * @param digest of the text of a complete answer, see {@link AnswerRules#digest}; else null
 */
public record Answer(
    Outcome outcome,
    @Nullable String detail,
    @Nullable Instant firstReasoningToken,
    @Nullable Instant firstAnswerToken,
    @Nullable Instant lastToken,
    int tokens,
    boolean countedByChunk,
    long longestGapMillis,
    boolean checked,
    @Nullable String finishReason,
    @Nullable String digest) {

  /** Without a digest. */
  public Answer(
      Outcome outcome,
      @Nullable String detail,
      @Nullable Instant firstReasoningToken,
      @Nullable Instant firstAnswerToken,
      @Nullable Instant lastToken,
      int tokens,
      boolean countedByChunk,
      long longestGapMillis,
      boolean checked,
      @Nullable String finishReason) {
    this(
        outcome,
        detail,
        firstReasoningToken,
        firstAnswerToken,
        lastToken,
        tokens,
        countedByChunk,
        longestGapMillis,
        checked,
        finishReason,
        null);
  }

  /** No body was read. */
  public static Answer none(Outcome outcome, String detail) {
    return new Answer(outcome, detail, null, null, null, 0, false, 0, false, null, null);
  }
}
