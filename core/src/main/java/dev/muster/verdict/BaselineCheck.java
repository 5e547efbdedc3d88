package dev.muster.verdict;

import dev.muster.timeline.Request;
import java.util.List;
import java.util.Set;

/** A service that was ill before the fault can not show what the fault did. */
final class BaselineCheck implements Check {
  private static final double LEAST = 99;

  @Override
  public String name() {
    return "baseline";
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.LEDGER);
  }

  @Override
  public List<Finding> judge(History history) {
    if (history.drill().load() == null) {
      return List.of(); // nobody asked anything of the service, and nobody says so
    }
    return Recovery.of(history).map(this::judge).map(List::of).orElse(List.of());
  }

  private Finding judge(Recovery recovery) {
    var before = recovery.baseline();
    if (before.isEmpty()) {
      return Finding.inconclusive(
          name(),
          Sentence.of(
              "no request ended before the fault: nothing shows that the service was healthy"));
    }
    long good = before.stream().filter(Request::answered).count();
    double share = 100.0 * good / before.size();
    var answered =
        Sentence.of("%d of %d requests before the fault got their answer", good, before.size());
    return new Finding(
        name(),
        share >= LEAST ? Status.PASS : Status.INCONCLUSIVE,
        share,
        LEAST,
        "%",
        share >= LEAST
            ? answered
            : Sentence.list(
                ": ", List.of(answered, Sentence.of("the service was not healthy to begin with"))),
        Evidence.failed(before, 10),
        new Sample(
            before.size(),
            before.size() - good,
            null,
            before.getFirst().intended(),
            recovery.fault()));
  }
}
