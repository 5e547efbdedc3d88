package dev.muster.verdict;

import dev.muster.verdict.coverage.Coverage;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.OutsideChangeGuard;
import java.util.ArrayList;
import java.util.List;

/**
 * The judgement of a run: all findings and the worst of them. A run without any finding is
 * inconclusive. So is one that is not valid (the load late, the fault not seen, the ledger not
 * whole): what it found is listed, and pins no failure on the service.
 */
public record Verdict(Status status, List<Finding> findings) {

  /**
   * Applies {@link Checks#all}. The same history always gives the same verdict. The timeline must
   * be complete: a run whose {@code RunEnded} is not in it cannot pass.
   */
  public static Verdict of(History history) {
    return of(history, Checks.all());
  }

  static Verdict of(History history, List<Check> checks) {
    var coverage = Coverage.of(history);
    var findings = new ArrayList<Finding>();
    boolean valid = true;
    var service = Status.PASS;
    var others = Status.PASS;
    for (var check : checks) {
      for (var finding : coverage.findings(OutsideChangeGuard.of(check))) {
        findings.add(finding);
        switch (check.subject()) {
          case SERVICE -> service = worse(service, finding.status());
          case VALIDITY -> valid &= finding.status() == Status.PASS;
          case MUSTER -> others = worse(others, finding.status());
        }
      }
    }
    var judged = valid ? service : Status.INCONCLUSIVE;
    return new Verdict(
        findings.isEmpty() ? Status.INCONCLUSIVE : worse(judged, others), List.copyOf(findings));
  }

  private static Status worse(Status a, Status b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
