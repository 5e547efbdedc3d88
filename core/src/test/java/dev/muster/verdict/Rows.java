package dev.muster.verdict;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.verdict.recovery.Recovery;
import java.time.Instant;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Rows of a story's ledger: one that was just sent, and what may be told of it instead. */
final class Rows {
  private Rows() {}

  static Request row(String id, double intended, double lasting, Outcome outcome) {
    var at = Story.at(intended);
    return new Request(
        id,
        true,
        at,
        at,
        at,
        null,
        at,
        at,
        Story.at(intended + lasting),
        60,
        5,
        List.of(),
        1,
        0,
        200,
        outcome,
        null,
        outcome != Outcome.NOT_SENT,
        "stop",
        false,
        prompt(intended),
        outcome == Outcome.COMPLETE ? "d" + prompt(intended) : null,
        null);
  }

  /** Of four prompts one after another, ten a second. */
  private static String prompt(double intended) {
    return "p" + Math.floorMod(Math.round(10 * intended), 4);
  }

  static Request unnumbered(Request r) {
    return with(r, r.sent(), r.firstAnswerToken(), r.tokens(), false);
  }

  /** Sent so many seconds after it should be. */
  static Request sentLate(Request r, DoubleUnaryOperator by) {
    double intended = Recovery.seconds(Story.FAULT, r.intended());
    var sent = Story.at(intended + by.applyAsDouble(intended));
    return with(r, sent, r.firstAnswerToken(), r.tokens(), true);
  }

  /** Its first token came no sooner than so many seconds late. */
  static Request slow(Request r, double seconds) {
    return r.firstAnswerToken() == null
            || r.firstAnswerToken().isAfter(r.intended().plusMillis(Math.round(seconds * 1000)))
        ? r
        : with(r, r.sent(), r.intended().plusMillis(Math.round(seconds * 1000)), 60, true);
  }

  /** Not answered, if it was. */
  static Request failing(Request r, Outcome outcome) {
    return r.answered() ? with(r, r.sent(), null, 0, true, outcome) : r;
  }

  /** Without a token. */
  static Request empty(Request r) {
    return with(r, r.sent(), null, 0, false);
  }

  /** A token that comes late makes what follows it late as well. */
  private static @Nullable Instant later(@Nullable Instant at, @Nullable Instant token) {
    return at == null || token == null || at.isAfter(token) ? at : token;
  }

  private static Request with(
      Request r,
      @Nullable Instant sent,
      @Nullable Instant firstToken,
      int tokens,
      boolean checked) {
    return with(r, sent, firstToken, tokens, checked, r.outcome());
  }

  private static Request with(
      Request r,
      @Nullable Instant sent,
      @Nullable Instant firstToken,
      int tokens,
      boolean checked,
      Outcome outcome) {
    return new Request(
        r.id(),
        r.stream(),
        r.intended(),
        sent,
        r.firstByte(),
        null,
        firstToken,
        firstToken == null ? null : later(r.lastToken(), firstToken),
        later(r.ended(), firstToken),
        tokens,
        r.longestGapMillis(),
        r.pods(),
        r.attempts(),
        r.resumes(),
        r.httpStatus(),
        outcome,
        r.detail(),
        checked,
        r.finishReason(),
        r.countedByChunk(),
        r.prompt(),
        r.answerDigest(),
        r.tokenless());
  }
}
