package dev.muster.verdict.check.record;

import dev.muster.timeline.Event;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.OutsideChangeGuard;
import dev.muster.verdict.recovery.Recovery;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A run that was not carried through cannot pass. */
public final class RunCheck implements Check {

  @Override
  public Subject subject() {
    return Subject.MUSTER;
  }

  @Override
  public String name() {
    return "run";
  }

  @Override
  public List<Finding> judge(History history) {
    var findings = new ArrayList<Finding>();
    Recovery.events(history, Event.RunAborted.class)
        .map(e -> Finding.inconclusive(name(), Sentence.of("the run was aborted: %s", e.why())))
        .forEach(findings::add);
    Recovery.events(history, Event.PhaseEnded.class)
        .flatMap(e ->
            Stream.ofNullable(e.failure())
                .map(why ->
                    Finding.inconclusive(
                        name(),
                        Sentence.of(
                            "%s did not end well: %s", Sentence.word("phase", e.phase()), why))))
        .forEach(findings::add);
    if (Recovery.events(history, Event.RunEnded.class).findAny().isEmpty()) {
      findings.add(
          Finding.inconclusive(
              name(), Sentence.of("the run did not end: Muster was stopped during it")));
    }
    return findings.isEmpty()
        ? List.of(
            new Finding(
                name(),
                Status.PASS,
                null,
                null,
                "",
                Sentence.of("the run was carried through"),
                OutsideChangeGuard.lines(history)))
        : findings;
  }
}
