package dev.muster.verdict;

import java.util.List;

/**
 * A pure function of a run's history. A new check is one new file and its line in {@link Checks}. A
 * check that throws is recorded as inconclusive, never as a pass.
 */
public interface Check {

  /** Its name, as in the drill's {@code expect}. */
  String name();

  /** Findings; empty where the drill does not ask for this check. */
  List<Finding> judge(History history);
}
