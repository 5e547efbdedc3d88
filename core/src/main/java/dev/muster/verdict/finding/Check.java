package dev.muster.verdict.finding;

import dev.muster.drill.expect.Judge;
import dev.muster.verdict.coverage.Coverage;
import java.util.List;
import java.util.Set;

/**
 * A pure function of a run's history. A new check is one new file, its words beside it in the
 * resources ({@code <its class>.yaml}), and the line by which {@link Judge} finds it. A check that
 * throws is recorded as inconclusive, never as a pass. Immutable.
 */
public interface Check extends Judge {

  /** What somebody else may do to the service while the drill goes on, and the check would see. */
  enum Harm {
    NONE,
    /** In what clients felt. */
    FELT,
    /** In how long something took. */
    TIMED
  }

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

  /** Which of its failures may be the doing of somebody else than the drill. */
  default Harm byOthers() {
    return Harm.NONE;
  }

  default Subject subject() {
    return Subject.SERVICE;
  }
}
