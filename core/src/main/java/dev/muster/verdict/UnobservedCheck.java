package dev.muster.verdict;

import dev.muster.drill.Drill.Expect;
import java.util.ArrayList;
import java.util.List;

/** Expectations that are read but that nothing observes yet: never a pass. */
final class UnobservedCheck implements Check {

  @Override
  public String name() {
    return "unobserved";
  }

  @Override
  public List<Finding> judge(History history) {
    Expect expect = history.drill().expect();
    var findings = new ArrayList<Finding>();
    if (!expect.alerts().isEmpty()) {
      findings.add(unobserved("alerts"));
    }
    if (!expect.logs().isEmpty()) {
      findings.add(unobserved("logs"));
    }
    if (!expect.consistency().isEmpty()) {
      findings.add(unobserved("consistency"));
    }
    return findings;
  }

  private static Finding unobserved(String what) {
    return Finding.inconclusive(what, "not observed by this version of Muster");
  }
}
