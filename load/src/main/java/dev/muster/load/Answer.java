package dev.muster.load;

import dev.muster.timeline.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a client got of one answer's body.
 *
 * @param tokens received, reasoning and answer
 * @param longestGapMillis longest silence between tokens after the first
 * @param detail what was wrong; null if nothing was
 * @param checked whether the text was numbered tokens, see {@link TokenChain}
 */
record Answer(
    Outcome outcome,
    @Nullable String detail,
    @Nullable Instant firstReasoningToken,
    @Nullable Instant firstAnswerToken,
    @Nullable Instant lastToken,
    int tokens,
    long longestGapMillis,
    boolean checked) {

  /** The same tokens with another end. */
  Answer but(Outcome outcome, @Nullable String detail) {
    return new Answer(
        outcome,
        detail,
        firstReasoningToken,
        firstAnswerToken,
        lastToken,
        tokens,
        longestGapMillis,
        checked);
  }
}
