package dev.muster.verdict;

import dev.muster.timeline.Outcome;
import java.util.List;
import java.util.TreeMap;

/** Requests that were accepted and then not answered in full, from the fault on. */
final class LostRequestsCheck implements Check {

  @Override
  public String name() {
    return "lostRequests";
  }

  @Override
  public List<Finding> judge(History history) {
    var max = history.drill().expect().lostRequestsMax();
    if (max == null) {
      return List.of();
    }
    return List.of(
        Recovery.of(history)
            .map(recovery -> judge(recovery, max))
            .orElseGet(() -> Finding.inconclusive(name(), Sentence.of("no fault was injected"))));
  }

  private Finding judge(Recovery recovery, long max) {
    var requests = recovery.requests();
    if (requests.isEmpty()) {
      return Finding.inconclusive(
          name(), Sentence.of("no request was scheduled from the fault on"));
    }
    var lost = requests.stream().filter(r -> r.outcome().lost()).toList();
    var outcomes = new TreeMap<Outcome, Long>();
    lost.forEach(r -> outcomes.merge(r.outcome(), 1L, Long::sum));
    return new Finding(
        name(),
        lost.size() > max ? Status.FAIL : Status.PASS,
        (double) lost.size(),
        (double) max,
        "requests",
        lost.isEmpty()
            ? Sentence.of("no request was lost")
            : Sentence.of("%d requests were lost: {%s}", lost.size(), Evidence.counted(outcomes)),
        Evidence.failed(lost, 20));
  }
}
