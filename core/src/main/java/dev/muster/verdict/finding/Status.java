package dev.muster.verdict.finding;

/** Of a finding and, as the worst of them, of a run. Ordered from best to worst. */
public enum Status {
  PASS,
  /** Something needed for the judgement was not observed; never a pass. */
  INCONCLUSIVE,
  FAIL
}
