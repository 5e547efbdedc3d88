package dev.muster.verdict;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.util.List;
import java.util.Set;

/**
 * What clients got from the fault to the end of the load, asked for or not. A service that answers
 * nobody at the end has not recovered, and failures that no expectation bounds are no pass.
 */
final class ClientsCheck implements Check {

  @Override
  public String name() {
    return "clients";
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.LOAD, Need.TIME);
  }

  @Override
  public List<Finding> judge(History history) {
    if (history.drill().load() == null) {
      return List.of(); // nobody asked anything of the service, and nobody says so
    }
    return Recovery.of(history).map(this::judge).map(List::of).orElse(List.of());
  }

  private Finding judge(Recovery recovery) {
    var requests = recovery.requests();
    if (requests.isEmpty()) {
      return Finding.inconclusive(
          name(), Sentence.of("no request was scheduled from the fault on"));
    }
    var answers = Answers.of(requests);
    int last = unanswered(requests);
    long unbounded = unbounded(recovery, answers);
    return new Finding(
        name(),
        last > 1 ? Status.FAIL : unbounded > 0 ? Status.INCONCLUSIVE : Status.PASS,
        100.0 * answers.answered() / answers.all(),
        null,
        "%",
        last > 1
            ? Sentence.of(
                "the service did not answer any more when the load ended: none of the last %d"
                    + " requests got its full answer",
                last)
            : unbounded > 0
                ? Sentence.of(
                    "%s; the drill does not say how many may fail: add availability or"
                        + " interruption to expect",
                    answers.told())
                : answers.told(),
        Evidence.failed(requests, 10),
        recovery.sample(requests, answers.all() - answers.answered(), null));
  }

  /** Requests that were sent since the last one that was answered. */
  private static int unanswered(List<Request> requests) {
    int count = 0;
    for (var request : requests) {
      if (request.outcome() != Outcome.NOT_SENT) {
        count = request.answered() ? 0 : count + 1;
      }
    }
    return count;
  }

  /** Failed requests of which no expectation says how many there may be. */
  private static long unbounded(Recovery recovery, Answers answers) {
    var expect = recovery.history().drill().expect();
    if (expect.availabilityMin() != null
        || expect.interruptionMax() != null
        || expect.latency().asked()) {
      return 0;
    }
    boolean lost = expect.lostRequestsMax() != null;
    return (lost ? 0 : answers.lost())
        + (lost || expect.unreachableMax() != null ? 0 : answers.unreachable())
        + (expect.refusedMax() != null ? 0 : answers.refused());
  }
}
