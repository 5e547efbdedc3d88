package dev.muster.verdict.check.disruption;

import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.timeline.Request;
import dev.muster.verdict.check.clients.LostRequestsCheck;
import dev.muster.verdict.check.clients.Users;
import dev.muster.verdict.coverage.Coverage;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Evidence;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.OutsideChangeGuard;
import dev.muster.verdict.recovery.Recovery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Which setting cost the requests of a planned disruption, one finding for each: what takes its
 * time (a drain, a rollout, a scaling) need not cost any. It fails where too many were lost for the
 * drill and explains where they were not too many; of what no evidence explains, it only says how
 * many.
 */
public final class DisruptionCheck implements Check {
  private static final int LINES = 20;
  private static final String REFUSED = "refusedRequests";

  /** Each takes the requests that it explains; what two explain, the earlier does. */
  private static final List<BiFunction<Scene, List<Request>, List<Blamed>>> CAUSES =
      List.of(
          // cuts at its time whatever becomes of pods
          RouteTimeout::among,
          // before any pod is told to go, it is decided how many are
          NobodyLeft::among,
          GraceOver::among,
          // a new pod is Ready before an old one is told to go
          EarlyReadiness::among,
          LateEndpoints::among);

  @Override
  public String name() {
    return "disruption";
  }

  @Override
  public List<Finding> judge(History history) {
    return history.drill().faults().stream().anyMatch(f -> f.kind().is(Trait.GRADUAL))
        ? Recovery.of(history).map(this::judge).orElse(List.of())
        : List.of();
  }

  private List<Finding> judge(Recovery recovery) {
    var history = recovery.history();
    var lost =
        Users.have(history, recovery.requests()).stream()
            .filter(r -> r.lost() || r.unreachable())
            .toList();
    if (lost.isEmpty()) {
      return List.of();
    }
    var felt = felt(history);
    var scene = Scene.of(history);
    if (scene.pods().isEmpty()) {
      return List.of(
          unexplained(
              felt,
              lost,
              Sentence.of(
                  "not explained: %d requests; nobody told when pods were Ready and when they were"
                      + " told to go",
                  lost.size())));
    }
    var findings = new ArrayList<Finding>();
    var left = new ArrayList<>(lost);
    for (var cause : CAUSES) {
      for (var blamed : cause.apply(scene, List.copyOf(left))) {
        findings.add(finding(felt, blamed.sentence(), blamed.requests()));
        left.removeIf(new HashSet<>(blamed.requests())::contains);
      }
    }
    if (!left.isEmpty()) {
      findings.add(
          unexplained(
              felt,
              left,
              Sentence.of(
                  "not explained: %d requests; when they failed and what pods did then fits neither"
                      + " grace period, preStop hook, route timeout, disruption budget,"
                      + " maxUnavailable nor readinessProbe",
                  left.size())));
    }
    return List.copyOf(findings);
  }

  /** Whether the drill takes what was lost: it passes where nothing was asked. */
  private static Status felt(History history) {
    return Coverage.of(history).findings(OutsideChangeGuard.of(new LostRequestsCheck())).stream()
        .filter(finding -> !finding.check().equals(REFUSED))
        .map(Finding::status)
        .max(Comparator.naturalOrder())
        .orElse(Status.PASS);
  }

  private Finding finding(Status status, Sentence why, List<Request> requests) {
    return new Finding(
        name(),
        status,
        (double) requests.size(),
        null,
        "requests",
        why,
        Evidence.failed(requests, LINES));
  }

  /** It is no proof of anything, and no harm where the drill takes so many. */
  private Finding unexplained(Status felt, List<Request> requests, Sentence why) {
    return finding(felt == Status.PASS ? Status.PASS : Status.INCONCLUSIVE, why, requests);
  }
}
