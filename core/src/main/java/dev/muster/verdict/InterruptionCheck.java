package dev.muster.verdict;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The longest {@link Interruption} that clients felt. */
final class InterruptionCheck implements Check {

  @Override
  public String name() {
    return "interruption";
  }

  @Override
  public List<Finding> judge(History history) {
    var max = history.drill().expect().interruptionMax();
    if (max == null) {
      return List.of();
    }
    return List.of(
        Recovery.of(history)
            .map(recovery -> judge(recovery, max))
            .orElseGet(() -> Finding.inconclusive(name(), "no fault was injected")));
  }

  private Finding judge(Recovery recovery, Duration max) {
    double bound = max.toNanos() / 1e9;
    if (recovery.requests().isEmpty()) {
      return Finding.inconclusive(name(), "no request was sent from the fault on");
    }
    var longest = Interruption.of(recovery);
    if (longest.isEmpty()) {
      return new Finding(
          name(), Status.PASS, 0.0, bound, "s", "clients felt no interruption", List.of());
    }
    var felt = longest.get();
    boolean tooLong = felt.seconds() > bound;
    var blame = Phases.blame(recovery, felt.start(), felt.end());
    return new Finding(
        name(),
        tooLong ? Status.FAIL : Status.PASS,
        felt.seconds(),
        bound,
        "s",
        String.format(
            Locale.ROOT,
            "from %.1f s to %.1f s after the fault %d of %d requests got no full answer%s",
            recovery.since(felt.start()),
            recovery.since(felt.end()),
            felt.failed(),
            felt.all(),
            tooLong ? blame.map(text -> "; " + text).orElse("") : ""),
        List.of("from " + felt.start(), "to " + felt.end()));
  }
}
