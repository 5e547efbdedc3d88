package dev.muster.timeline;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of the ledger: one scheduled request with exactly one outcome. All times are on the
 * engine's clock; null where it did not come to that.
 *
 * @param id sent as the request id; unique in a run
 * @param intended when the open-loop schedule wanted it sent
 * @param tokens answer tokens received (reasoning and answer)
 * @param longestGapMillis longest silence between tokens after the first
 * @param pods the pods that served it, in order, as the answer's headers or token stamps say
 * @param attempts tries by the gateway, as its headers say; at least 1
 * @param resumes mid-stream moves to another worker
 * @param checked whether the text was numbered tokens, so that none can be missing, doubled or
 *     foreign unseen; null where nobody says
 */
public record Request(
    String id,
    boolean stream,
    Instant intended,
    @Nullable Instant sent,
    @Nullable Instant firstByte,
    @Nullable Instant firstReasoningToken,
    @Nullable Instant firstAnswerToken,
    @Nullable Instant lastToken,
    @Nullable Instant ended,
    int tokens,
    long longestGapMillis,
    List<String> pods,
    int attempts,
    int resumes,
    int httpStatus,
    Outcome outcome,
    @Nullable String detail,
    @Nullable Boolean checked) {}
