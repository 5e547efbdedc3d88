package dev.muster.verdict.check.data;

import dev.muster.drill.Drill.Logs;
import dev.muster.timeline.Event.LogsCounted;
import dev.muster.verdict.coverage.Observations;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Need;
import dev.muster.verdict.finding.Sample;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import java.util.List;
import java.util.Set;

/** As many lines of the log store match a query as the drill allows. */
public final class LogsCheck implements Check {

  @Override
  public String name() {
    return "logs";
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.OBSERVER, Need.TIME, Need.CLOCKS);
  }

  @Override
  public List<Finding> judge(History history) {
    return history.drill().expect().logs().stream().map(asked -> judge(history, asked)).toList();
  }

  private Finding judge(History history, Logs asked) {
    return Recovery.events(history, LogsCounted.class)
        .filter(e -> e.query().equals(asked.query()))
        .reduce((_, last) -> last)
        .map(counted -> judge(asked, counted))
        .orElseGet(() ->
            Observations.inconclusive(
                history,
                name(),
                Observations.LOGS,
                Sentence.of("nobody asked the log store for %s", asked.query())));
  }

  private Finding judge(Logs asked, LogsCounted counted) {
    var min = asked.min();
    var max = asked.max();
    boolean few = min != null && counted.lines() < min;
    boolean many = max != null && counted.lines() > max;
    var bound = many || min == null ? max : min;
    return new Finding(
        name(),
        few || many ? Status.FAIL : Status.PASS,
        (double) counted.lines(),
        bound == null ? null : bound.doubleValue(),
        "lines",
        few
            ? Sentence.of("%d lines match %s: too few", counted.lines(), asked.query())
            : many
                ? Sentence.of("%d lines match %s: too many", counted.lines(), asked.query())
                : Sentence.of("%d lines match %s", counted.lines(), asked.query()),
        List.of(Sentence.of("from %s to %s", counted.from(), counted.to())),
        Sample.of(counted.lines(), counted.from(), counted.to()));
  }
}
