package dev.muster.verdict.check.clients;

import dev.muster.timeline.Request;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Evidence;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Need;
import dev.muster.verdict.finding.Sample;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** A service that was ill before the fault cannot show what the fault did. */
public final class BaselineCheck implements Check {
  private static final double LEAST = 99;

  /** The beginning of an answer may take so long though nothing is wrong. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  @Override
  public String name() {
    return "baseline";
  }

  /** Nothing that such a run finds can be put on the fault. */
  @Override
  public Subject subject() {
    return Subject.VALIDITY;
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
    long dead = dead(recovery, before);
    if (share >= LEAST && dead > 1) {
      return Finding.inconclusive(
          name(),
          Sentence.of(
              "the last %d requests before the fault got no answer: an outage had begun already",
              dead));
    }
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
                ": ",
                List.of(
                    answered, Reasons.of(before).orElseThrow())), // a share below needs failures
        Evidence.failed(before, 10),
        new Sample(
            before.size(),
            before.size() - good,
            null,
            before.getFirst().intended(),
            recovery.fault()));
  }

  /**
   * So many failed since the last one that was served before the fault: by then, or without a sign
   * of an answer for much longer than those that were answered.
   */
  private static long dead(Recovery recovery, List<Request> before) {
    var usual =
        before.stream()
            .filter(Request::answered)
            .map(r -> Duration.between(r.intended(), Objects.requireNonNull(r.firstSign())))
            .max(Comparator.naturalOrder())
            .orElse(Duration.ZERO);
    var patience = usual.multipliedBy(2).compareTo(PATIENCE) > 0 ? usual.multipliedBy(2) : PATIENCE;
    long dead = 0;
    for (var request : recovery.history().ledger()) {
      if (!request.intended().isBefore(recovery.fault()) || request.ofGenerator()) {
        continue;
      }
      var first = request.firstSign();
      var ended = request.ended();
      boolean over = ended != null && ended.isBefore(recovery.fault());
      boolean served = first != null && first.isBefore(recovery.fault());
      if (served && (request.answered() || !over)) {
        dead = 0;
      } else if (!request.answered()
          && (over || request.intended().plus(patience).isBefore(recovery.fault()))) {
        dead++;
      }
    }
    return dead;
  }
}
