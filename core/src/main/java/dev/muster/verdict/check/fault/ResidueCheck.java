package dev.muster.verdict.check.fault;

import dev.muster.drill.expect.Expectation;
import dev.muster.timeline.Event;
import dev.muster.timeline.Event.ResidueAudited;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.CausalOrder;
import dev.muster.verdict.recovery.Recovery;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Nothing of ours is left. What is left is told also where the drill does not ask. */
public final class ResidueCheck implements Check {
  private static final Expectation<Boolean> NONE =
      Expectation.word("residue", "the audit found nothing of the drill's left", "none");

  @Override
  public Subject subject() {
    return Subject.MUSTER;
  }

  @Override
  public String name() {
    return "residue";
  }

  @Override
  public List<Expectation<?>> expects() {
    return List.of(NONE);
  }

  @Override
  public List<Finding> judge(History history) {
    boolean asked = NONE.isIn(history.drill());
    var audits = Recovery.events(history, ResidueAudited.class).toList();
    if (audits.isEmpty()) {
      return asked
          ? List.of(
              Finding.inconclusive(
                  name(), Sentence.of("nobody looked whether anything was left behind")))
          : List.of();
    }
    var audit = audits.getLast();
    if (!audit.residue().isEmpty()) {
      return List.of(
          finding(
              Status.FAIL,
              audit,
              Sentence.of(
                  "left behind: %s; run muster cleanup", Sentence.names(", ", audit.residue()))));
    }
    if (!asked) {
      return List.of();
    }
    var doubt = early(history, audit).or(() -> victim(history, audit));
    if (doubt.isPresent()) {
      return List.of(finding(Status.INCONCLUSIVE, audit, doubt.get()));
    }
    return List.of(
        audit.notLookedAt().isEmpty()
            ? finding(Status.PASS, audit, clean(audit))
            : finding(
                Status.INCONCLUSIVE,
                audit,
                Sentence.of(
                    "not everything could be looked at: %s",
                    Sentence.names(", ", audit.notLookedAt()))));
  }

  /** A node that no fault went to need not be looked at, but whoever reads this must know. */
  private static Sentence clean(ResidueAudited audit) {
    return audit.passedOver().isEmpty()
        ? Sentence.of("nothing was left behind")
        : Sentence.of(
            "nothing was left behind; not looked at, for no fault was there: %s",
            Sentence.names(", ", audit.passedOver()));
  }

  private Finding finding(Status status, ResidueAudited audit, Sentence why) {
    return new Finding(
        name(),
        status,
        (double) audit.residue().size(),
        0.0,
        "objects",
        why,
        audit.residue().stream().map(Sentence::quote).toList());
  }

  /** Who looked before the last fault was undone cannot tell what it left. */
  private static Optional<Sentence> early(History history, ResidueAudited audit) {
    return history.timeline().stream()
        .filter(e -> e instanceof Event.FaultInjected || e instanceof Event.FaultReverted)
        .filter(e ->
            CausalOrder.earliest(e.stamp()).isAfter(audit.stamp().at().plus(CausalOrder.SLACK)))
        .findFirst()
        .map(
            _ -> Sentence.of("nobody looked what was left behind after the last fault was undone"));
  }

  /** Where a fault was, somebody must have looked. */
  private static Optional<Sentence> victim(History history, ResidueAudited audit) {
    var words =
        audit.passedOver().stream()
            .flatMap(where -> Stream.of(where.split("[^A-Za-z0-9.-]+")))
            .toList();
    return Recovery.events(history, Event.FaultInjected.class)
        .filter(e -> !(e.victim() instanceof ObjectRef.Workload)) // nothing is left on a node of it
        .map(e -> e.victim().name())
        .filter(words::contains)
        .findFirst()
        .map(name -> Sentence.of("%s was a victim, and nobody looked there", name));
  }
}
