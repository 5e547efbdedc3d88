package dev.muster.verdict.finding;

import dev.muster.verdict.coverage.Coverage;

/** What must have been observed for a finding to count. See {@link Coverage}. */
public enum Need {
  /**
   * Requests from the fault to the end of the recovery, sent at their time in every second. A late
   * generator could have caused a failure as well as hidden one; where requests are missing, only
   * what would have been seen in them is unknown.
   */
  LOAD,
  /** The row of every scheduled request: one that is missing may be the one that was wrong. */
  LEDGER,
  /**
   * As many requests as it takes to tell the share that is claimed, and more than may fail by the
   * bound.
   */
  SAMPLES,
  /** More time or more requests could mend a failure: the run must have gone on to its end. */
  TIME,
  /** A watch that saw the event when it happened: a gap before it is the time's uncertainty. */
  WATCHES,
  /** An observer that tells of all the time from the fault to the end of the recovery. */
  OBSERVER,
  /**
   * Others' clocks, which told the times that are judged and went as Muster's own did. That one
   * nobody sets.
   */
  CLOCKS,
  /** Looks every few seconds: what came and went between two that lie far apart is in neither. */
  LOOKS,
  /** A fault that makes a node silent: nobody notices another. */
  SILENT_NODE
}
