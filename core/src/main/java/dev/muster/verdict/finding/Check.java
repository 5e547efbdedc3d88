package dev.muster.verdict.finding;

import dev.muster.verdict.Checks;
import dev.muster.verdict.coverage.Coverage;
import java.util.List;
import java.util.Set;

/**
 * A pure function of a run's history. A new check is one new file and its line in {@link Checks}. A
 * check that throws is recorded as inconclusive, never as a pass.
 */
public interface Check {

  /** Whom a finding speaks of, which decides what it weighs in a run that cannot be trusted. */
  enum Subject {
    /** What was drilled: a failure counts only in a valid run. */
    SERVICE,
    /** Whether the run is valid: anything but a pass means that it cannot judge the service. */
    VALIDITY,
    /** What Muster itself did or left: seen without load and fault, so that it always counts. */
    MUSTER
  }

  /** Its name, as in the drill's {@code expect}. */
  String name();

  /** Findings; empty where the drill does not ask for this check. */
  List<Finding> judge(History history);

  /**
   * What must have been there for its findings to count. {@link Coverage} compares that with what
   * there was; no check does it by itself.
   */
  default Set<Need> needs() {
    return Set.of();
  }

  default Subject subject() {
    return Subject.SERVICE;
  }
}
