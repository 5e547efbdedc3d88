package dev.muster.verdict.check.record;

import dev.muster.timeline.Event;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request is intended, sent, answered and over, in this order and while the load lasts. */
final class RowOrder {
  /** Its client has one clock; those of earlier versions could be put right a little. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  private static final List<Step> STEPS = List.of(Step.values());

  private RowOrder() {}

  static List<Sentence> broken(History history) {
    var began = Recovery.events(history, Event.LoadStarted.class).findFirst();
    var ended = Recovery.events(history, Event.LoadEnded.class).reduce((_, last) -> last);
    var first = began.map(e -> e.stamp().at().minus(SLACK)).orElse(Instant.MIN);
    var last = ended.map(e -> e.stamp().at().plus(SLACK)).orElse(Instant.MAX);
    var broken = new ArrayList<Sentence>();
    for (var request : history.ledger()) {
      if (request.intended().isBefore(first)) {
        broken.add(Sentence.of("request %s was before the load began", request.id()));
      }
      if (request.intended().isAfter(last)) {
        broken.add(Sentence.of("request %s was after the load had ended", request.id()));
      }
      own(request).ifPresent(broken::add);
    }
    return broken;
  }

  private static Optional<Sentence> own(Request request) {
    if (request.outcome() == Outcome.COMPLETE
        && (request.sent() == null || request.ended() == null)) {
      return Optional.of(
          Sentence.of(
              "request %s was answered in full, and never sent or never ended", request.id()));
    }
    Step latest = Step.INTENDED;
    Instant at = request.intended();
    for (var step : STEPS) {
      var then = step.of(request);
      if (then != null && then.isBefore(at)) {
        if (then.plus(SLACK).isBefore(at)) {
          return Optional.of(
              Sentence.of(
                  "request %s: %s was %.1f s before %s",
                  request.id(), step.words(), Recovery.seconds(then, at), latest.words()));
        }
      } else if (then != null) {
        latest = step;
        at = then;
      }
    }
    return Optional.empty();
  }

  /** In their order. */
  private enum Step {
    INTENDED,
    SENT,
    FIRST_BYTE,
    FIRST_REASONING_TOKEN,
    FIRST_ANSWER_TOKEN,
    LAST_TOKEN,
    ENDED;

    @Nullable Instant of(Request request) {
      return switch (this) {
        case INTENDED -> request.intended();
        case SENT -> request.sent();
        case FIRST_BYTE -> request.firstByte();
        case FIRST_REASONING_TOKEN -> request.firstReasoningToken();
        case FIRST_ANSWER_TOKEN -> request.firstAnswerToken();
        case LAST_TOKEN -> request.lastToken();
        case ENDED -> request.ended();
      };
    }

    Sentence words() {
      return switch (this) {
        case INTENDED -> Sentence.of("its time");
        case SENT -> Sentence.of("its sending");
        case FIRST_BYTE -> Sentence.of("its first byte");
        case FIRST_REASONING_TOKEN -> Sentence.of("its first token of reasoning");
        case FIRST_ANSWER_TOKEN -> Sentence.of("its first token of the answer");
        case LAST_TOKEN -> Sentence.of("its last token");
        case ENDED -> Sentence.of("its end");
      };
    }
  }
}
