package dev.muster.verdict.check.alerts;

import dev.muster.drill.Drill;
import dev.muster.timeline.Event.AlertRecorded;
import dev.muster.timeline.Event.AlertsRead;
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
import java.util.stream.Collectors;

/**
 * Alerts that began to fire since the fault and that the drill does not name. They may be right, so
 * that they are told and not held against the service.
 */
public final class UnexpectedAlertsCheck implements Check {

  @Override
  public String name() {
    return "unexpectedAlerts";
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.OBSERVER);
  }

  @Override
  public List<Finding> judge(History history) {
    var read =
        Recovery.events(history, AlertsRead.class)
            .filter(e -> e.source().equals(AlertHistory.PROMETHEUS))
            .reduce((_, last) -> last);
    return Recovery.of(history)
        .flatMap(recovery -> read.map(all -> judge(history, recovery, all)))
        .stream()
        .toList();
  }

  private Finding judge(History history, Recovery recovery, AlertsRead read) {
    var expected =
        AlertsExpected.in(history.drill()).stream()
            .map(Drill.Alert::name)
            .collect(Collectors.toSet());
    var strangers =
        Recovery.events(history, AlertRecorded.class)
            .filter(e -> !expected.contains(e.alert()))
            .filter(e -> !e.stamp().at().isBefore(recovery.fault()))
            .toList();
    var names = strangers.stream().map(AlertRecorded::alert).distinct().toList();
    return new Finding(
        name(),
        Status.PASS,
        (double) strangers.size(),
        null,
        "alerts",
        strangers.isEmpty()
            ? Sentence.of("no alert fired that the drill does not name")
            : Sentence.of(
                "warning: fired without being named in the drill: %s", Sentence.names(", ", names)),
        strangers.stream().map(e -> line(recovery, e)).toList(),
        Sample.of(strangers.size(), read.from(), read.to()));
  }

  private static Sentence line(Recovery recovery, AlertRecorded e) {
    double fired = recovery.since(e.stamp().at());
    var resolved = e.resolved();
    return resolved == null
        ? Sentence.of(
            "%s %s fired %.1f s after the fault, not resolved", e.alert(), e.labels(), fired)
        : Sentence.of(
            "%s %s fired %.1f s after the fault, resolved after %.1f s",
            e.alert(), e.labels(), fired, recovery.since(resolved.at()));
  }
}
