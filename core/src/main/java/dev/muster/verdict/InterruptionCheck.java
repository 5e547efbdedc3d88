package dev.muster.verdict;

import java.time.Duration;
import java.util.List;

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
            .orElseGet(() -> Finding.inconclusive(name(), Sentence.of("no fault was injected"))));
  }

  private Finding judge(Recovery recovery, Duration max) {
    double bound = max.toNanos() / 1e9;
    if (recovery.requests().isEmpty()) {
      return Finding.inconclusive(name(), Sentence.of("no request was sent from the fault on"));
    }
    var longest = Interruption.of(recovery);
    if (longest.isEmpty()) {
      return new Finding(
          name(),
          Status.PASS,
          0.0,
          bound,
          "s",
          Sentence.of("clients felt no interruption"),
          List.of());
    }
    var felt = longest.get();
    boolean tooLong = felt.seconds() > bound;
    var what =
        Sentence.of(
            "from %.1f s to %.1f s after the fault %d of %d requests got no full answer",
            recovery.since(felt.start()), recovery.since(felt.end()), felt.failed(), felt.all());
    return new Finding(
        name(),
        tooLong ? Status.FAIL : Status.PASS,
        felt.seconds(),
        bound,
        "s",
        tooLong ? Phases.blamed(what, recovery, felt.start(), felt.end()) : what,
        List.of(Sentence.of("from %s", felt.start()), Sentence.of("to %s", felt.end())));
  }
}
