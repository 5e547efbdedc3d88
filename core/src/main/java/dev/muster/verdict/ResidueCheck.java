package dev.muster.verdict;

import dev.muster.timeline.Event.ResidueAudited;
import java.util.List;

/** Nothing of ours is left. What is left is told also where the drill does not ask. */
final class ResidueCheck implements Check {

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
          ? List.of(Finding.inconclusive(name(), "nobody looked whether anything was left behind"))
          : List.of();
    }
    var audit = audits.getLast();
    if (!audit.residue().isEmpty()) {
      return List.of(
          finding(
              Status.FAIL,
              audit,
              "left behind: " + String.join(", ", audit.residue()) + "; run muster cleanup"));
    }
    if (!asked) {
      return List.of();
    }
    return List.of(
        audit.notLookedAt().isEmpty()
            ? finding(Status.PASS, audit, "nothing was left behind")
            : finding(
                Status.INCONCLUSIVE,
                audit,
                "not everything could be looked at: " + String.join(", ", audit.notLookedAt())));
  }

  private Finding finding(Status status, ResidueAudited audit, String why) {
    return new Finding(
        name(), status, (double) audit.residue().size(), 0.0, "objects", why, audit.residue());
  }
}
