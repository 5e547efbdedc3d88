package dev.muster.verdict.check.record;

import dev.muster.timeline.Event;
import dev.muster.timeline.Outcome;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Pacing;
import dev.muster.verdict.recovery.Recovery;
import java.util.List;

/** A generator that was late itself cannot tell how late the service was. */
public final class LoadCheck implements Check {
  @Override
  public Subject subject() {
    return Subject.VALIDITY;
  }

  @Override
  public String name() {
    return "load";
  }

  @Override
  public List<Finding> judge(History history) {
    if (history.drill().load() == null) {
      return List.of(); // nobody asked anything of the service, and nobody says so
    }
    var ended = Recovery.events(history, Event.LoadEnded.class).toList();
    if (ended.isEmpty()) {
      return List.of(Finding.inconclusive(name(), Sentence.of("nothing says how the load ended")));
    }
    if (Recovery.events(history, Event.LoadStarted.class).findAny().isEmpty()) {
      return List.of(
          Finding.inconclusive(
              name(),
              Sentence.of("nothing says when the load began, so that any row may be of another")));
    }
    double lag = ended.getLast().sendLagP99Millis();
    var canary = ended.getLast().canary();
    if (canary == null || canary.events() == 0) {
      return List.of(
          Finding.inconclusive(
              name(),
              Sentence.of(
                  "nothing tells whether the load generator read in time: its canary saw nothing")));
    }
    long unsent = count(history, Outcome.NOT_SENT);
    long late = count(history, Outcome.GENERATOR_LATE);
    if (lag > Event.LoadEnded.LATEST_MILLIS || Double.isNaN(lag)) {
      return List.of(
          finding(
              Status.INCONCLUSIVE,
              lag,
              Sentence.of(
                  "the load generator itself was late: 1%% of the requests were sent %.0f ms or"
                      + " more after their time; give this machine less to do",
                  lag)));
    }
    if (unsent > 0) {
      return List.of(
          finding(
              Status.INCONCLUSIVE,
              lag,
              Sentence.of("%d of the scheduled requests were never sent", unsent)));
    }
    if (late > 0) {
      return List.of(
          finding(
              Status.INCONCLUSIVE,
              lag,
              Sentence.of(
                  "the load generator itself was late when %d requests failed: whether the service"
                      + " failed them is not known; give this machine less to do",
                  late)));
    }
    var recovery = Recovery.of(history);
    var trouble =
        recovery.map(Pacing::of).flatMap(pacing -> pacing.trouble(recovery.orElseThrow()));
    if (trouble.isPresent()) {
      return List.of(finding(Status.INCONCLUSIVE, lag, trouble.get()));
    }
    return List.of(finding(Status.PASS, lag, Sentence.of("requests were sent at their time")));
  }

  private static long count(History history, Outcome outcome) {
    return history.attempts().filter(r -> r.outcome() == outcome).count();
  }

  private Finding finding(Status status, double lag, Sentence why) {
    return new Finding(name(), status, lag, Event.LoadEnded.LATEST_MILLIS, "ms", why, List.of());
  }
}
