package dev.muster.timeline;

import java.time.Instant;
import java.util.List;
import java.util.Set;
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
    @Nullable Boolean checked) {
  /** Statuses by which an ingress says that nobody behind it answered. */
  private static final Set<Integer> INGRESS = Set.of(502, 503, 504);

  /** When the first token came, reasoning or answer; null if none did. */
  public @Nullable Instant firstToken() {
    return firstReasoningToken != null ? firstReasoningToken : firstAnswerToken;
  }

  /**
   * Whether the client has its answer. One without a single token is none, however it ended, nor is
   * one whose status says that it is an error.
   */
  public boolean answered() {
    return outcome == Outcome.COMPLETE && tokens > 0 && firstToken() != null && httpStatus < 400;
  }

  /** Whether it tells of the generator alone: never sent, or late by the generator's own fault. */
  public boolean ofGenerator() {
    return outcome == Outcome.NOT_SENT || outcome == Outcome.GENERATOR_LATE;
  }

  /** The same request with another end. */
  public Request ended(Outcome other, String why) {
    return new Request(
        id,
        stream,
        intended,
        sent,
        firstByte,
        firstReasoningToken,
        firstAnswerToken,
        lastToken,
        ended,
        tokens,
        longestGapMillis,
        pods,
        attempts,
        resumes,
        httpStatus,
        other,
        why,
        checked);
  }

  /** Refused by the service in words: the client may go elsewhere or come back. */
  public boolean refused() {
    return outcome == Outcome.REJECTED;
  }

  /** It never got to the service: no connection, or an error of an ingress' own. */
  public boolean unreachable() {
    return outcome == Outcome.CONNECTION_FAILED
        || (outcome == Outcome.HTTP_ERROR && INGRESS.contains(httpStatus) && pods.isEmpty());
  }

  /** Accepted and then not answered in full. */
  public boolean lost() {
    return !ofGenerator() && !answered() && !refused() && !unreachable();
  }
}
