package dev.muster.verdict;

import dev.muster.timeline.Request;
import java.util.List;

/**
 * The share of full answers among all scheduled requests that were in flight at the fault or
 * intended until the end of the recovery; refused and never sent ones count as not answered.
 */
final class AvailabilityCheck implements Check {

  @Override
  public String name() {
    return "availability";
  }

  @Override
  public List<Finding> judge(History history) {
    var min = history.drill().expect().availabilityMin();
    if (min == null) {
      return List.of();
    }
    return List.of(
        Recovery.of(history)
            .map(recovery -> judge(recovery, min))
            .orElseGet(() -> Finding.inconclusive(name(), Sentence.of("no fault was injected"))));
  }

  private Finding judge(Recovery recovery, double min) {
    var requests = recovery.requests();
    if (requests.isEmpty()) {
      return Finding.inconclusive(
          name(), Sentence.of("no request was scheduled from the fault on"));
    }
    var good = requests.stream().filter(r -> r.outcome().good()).toList();
    double share = 100.0 * good.size() / requests.size();
    double seconds = Math.max(1e-9, Recovery.seconds(recovery.fault(), recovery.end()));
    return new Finding(
        name(),
        share < min ? Status.FAIL : Status.PASS,
        share,
        min,
        "%",
        Sentence.of(
            "%d of %d requests got their full answer; goodput %.1f answers/s, %.0f tokens/s",
            good.size(),
            requests.size(),
            good.size() / seconds,
            good.stream().mapToLong(Request::tokens).sum() / seconds),
        Evidence.failed(requests, 10));
  }
}
