package dev.muster.verdict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The judgement of a run: all findings and the worst of them. A run without any finding is
 * inconclusive.
 */
public record Verdict(Status status, List<Finding> findings) {

  /**
   * Applies {@link Checks#all}. The same history always gives the same verdict. The timeline must
   * be complete: a run whose {@code RunEnded} is not in it can not pass.
   */
  public static Verdict of(History history) {
    return of(history, Checks.all());
  }

  static Verdict of(History history, List<Check> checks) {
    var findings = new ArrayList<Finding>();
    for (var check : checks) {
      findings.addAll(judge(check, history));
    }
    var status =
        findings.stream()
            .map(Finding::status)
            .max(Comparator.naturalOrder())
            .orElse(Status.INCONCLUSIVE);
    return new Verdict(status, List.copyOf(findings));
  }

  private static List<Finding> judge(Check check, History history) {
    try {
      return check.judge(history);
    } catch (RuntimeException e) {
      // A check that can not cope with a history says nothing about the service.
      return List.of(
          Finding.inconclusive(check.name(), Sentence.of("the check itself failed: %s", e)));
    }
  }
}
