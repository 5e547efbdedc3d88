package dev.muster.verdict;

import dev.muster.drill.expect.Judge;
import dev.muster.verdict.finding.Check;
import java.util.List;

/** All checks there are: who judges what a drill expects is a check. */
public final class Checks {
  private static final List<Check> ALL = Judge.all().map(Check.class::cast).toList();

  private Checks() {}

  /** In the order in which a report shows them. */
  public static List<Check> all() {
    return ALL;
  }
}
