package dev.muster.timeline;

import java.time.Duration;
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
 * @param pods the pods that served it, in order, as the headers say with which the answer began
 * @param attempts tries by the gateway, as its headers say; at least 1
 * @param resumes how often its client asked for the rest over another connection and got it
 * @param checked whether the text was numbered tokens, so that none can be missing, doubled or
 *     foreign unseen; null where nobody says
 * @param finishReason as the service gave it; null where it gave none
 * @param countedByChunk whether {@code tokens} are pieces of text, because the service told no
 *     number; null where no token came
 * @param prompt what was asked, as a digest of the request's body, alike in all requests that ask
 *     the same; null where only this one asks it
 * @param answerDigest of the whole text of a complete answer, reasoning and tool calls included:
 *     alike where the text is; null where nobody asked for it
 * @param tokenless whether its API answers without tokens, as with embeddings; null where it has
 *     them
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
    @Nullable Boolean checked,
    @Nullable String finishReason,
    @Nullable Boolean countedByChunk,
    @Nullable String prompt,
    @Nullable String answerDigest,
    @Nullable Boolean tokenless) {
  /** Statuses by which an ingress says that nobody behind it answered. */
  private static final Set<Integer> INGRESS = Set.of(502, 503, 504);

  /** As ledgers of earlier versions tell it. */
  public Request(
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
    this(
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
        outcome,
        detail,
        checked,
        null,
        null,
        null,
        null,
        null);
  }

  /** When the first token came, reasoning or answer; null if none did. */
  public @Nullable Instant firstToken() {
    return firstReasoningToken != null ? firstReasoningToken : firstAnswerToken;
  }

  /** Whether it is of an API whose answers have no tokens: what is said of those is not of it. */
  public boolean hasNoTokens() {
    return Boolean.TRUE.equals(tokenless);
  }

  /**
   * When the service was first seen to be at it: the first token, or the first byte of a good
   * answer where answers have no tokens; null if there was none.
   */
  public @Nullable Instant firstSign() {
    if (!hasNoTokens()) {
      return firstToken();
    }
    return answered() || httpStatus < 400 ? firstByte : null;
  }

  /**
   * Whether the client has its answer. One without a single token is none, however it ended, nor is
   * one whose status says that it is an error. Where answers have no tokens, its outcome says all.
   */
  public boolean answered() {
    return outcome == Outcome.COMPLETE
        && (hasNoTokens()
            ? firstByte != null
            : tokens > 0 && firstToken() != null && httpStatus < 400);
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
        checked,
        finishReason,
        countedByChunk,
        prompt,
        answerDigest,
        tokenless);
  }

  /** The same request on a clock that is ahead by so much. */
  public Request onClock(Duration ahead) {
    return new Request(
        id,
        stream,
        intended.plus(ahead),
        moved(sent, ahead),
        moved(firstByte, ahead),
        moved(firstReasoningToken, ahead),
        moved(firstAnswerToken, ahead),
        moved(lastToken, ahead),
        moved(ended, ahead),
        tokens,
        longestGapMillis,
        pods,
        attempts,
        resumes,
        httpStatus,
        outcome,
        detail,
        checked,
        finishReason,
        countedByChunk,
        prompt,
        answerDigest,
        tokenless);
  }

  private static @Nullable Instant moved(@Nullable Instant at, Duration ahead) {
    return at == null ? null : at.plus(ahead);
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
