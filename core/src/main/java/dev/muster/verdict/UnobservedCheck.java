package dev.muster.verdict;

import dev.muster.drill.Drill.Consistency;
import dev.muster.drill.Drill.Expect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Expectations that are read but that nothing observes yet: never a pass. */
final class UnobservedCheck implements Check {

  @Override
  public String name() {
    return "unobserved";
  }

  @Override
  public List<Finding> judge(History history) {
    Expect expect = history.drill().expect();
    var asked = new LinkedHashMap<String, Boolean>();
    asked.put("logs", !expect.logs().isEmpty());
    asked.put("reconciled", expect.unexplainedMax() != null);
    asked.put("consistency", !expect.consistency().equals(Consistency.NOT_ASKED));
    asked.put("caches", expect.cachesWithin() != null);
    asked.put("sql", !expect.sql().isEmpty());
    return asked.entrySet().stream()
        .filter(Map.Entry::getValue)
        .map(e -> unobserved(e.getKey()))
        .toList();
  }

  private static Finding unobserved(String what) {
    return Finding.inconclusive(what, "not observed by this version of Muster");
  }
}
