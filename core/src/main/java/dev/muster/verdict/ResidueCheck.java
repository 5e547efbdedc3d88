package dev.muster.verdict;

import dev.muster.timeline.Event.ResidueAudited;
import java.util.List;

/** Nothing of ours is left. What is left is told also where the drill does not ask. */
final class ResidueCheck implements Check {

  @Override
  public Subject subject() {
    return Subject.MUSTER;
  }

  @Override
  public String name() {
    return "residue";
  }

  @Override
  public List<Finding> judge(History history) {
    boolean asked = history.drill().expect().residueNone();
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
    return List.of(
        audit.notLookedAt().isEmpty()
            ? finding(Status.PASS, audit, Sentence.of("nothing was left behind"))
            : finding(
                Status.INCONCLUSIVE,
                audit,
                Sentence.of(
                    "not everything could be looked at: %s",
                    Sentence.names(", ", audit.notLookedAt()))));
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
}
