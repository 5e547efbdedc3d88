package dev.muster.verdict.check.record;

import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import java.util.List;
import java.util.stream.Stream;

/**
 * Nothing happened before what it comes of. A timeline in which something did is wrong in at least
 * one time, and nobody knows in which, so that nothing can be judged by its times.
 */
public final class OrderCheck implements Check {
  private static final int MOST = 20;

  @Override
  public String name() {
    return "order";
  }

  @Override
  public Subject subject() {
    return Subject.VALIDITY;
  }

  @Override
  public List<Finding> judge(History history) {
    var wrong =
        Stream.of(
                EventOrder.broken(history),
                FaultOrder.broken(history),
                GracePeriod.broken(history),
                RowOrder.broken(history))
            .flatMap(List::stream)
            .distinct()
            .toList();
    return List.of(
        new Finding(
            name(),
            wrong.isEmpty() ? Status.PASS : Status.INCONCLUSIVE,
            (double) wrong.size(),
            0.0,
            "",
            wrong.isEmpty()
                ? Sentence.of("no effect was recorded before its cause")
                : Sentence.of(
                    "%s: that can not be, so that no time here proves anything", wrong.getFirst()),
            wrong.subList(0, Math.min(wrong.size(), MOST))));
  }
}
