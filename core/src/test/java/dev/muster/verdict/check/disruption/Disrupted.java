package dev.muster.verdict.check.disruption;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.verdict.Records;
import dev.muster.verdict.Story;
import dev.muster.verdict.finding.Finding;
import java.util.List;
import java.util.Map;

/**
 * A planned disruption of three workers with good settings, of which worker-a and worker-b are told
 * of and worker-b answers; no request may be lost.
 */
record Disrupted(Story story) {
  private static final String WORKER = "Deployment/llm/worker";

  static Disrupted rollout() {
    return of("{kind: Rollout, duration: 40s, ttl: 10m}", "Rollout", WORKER);
  }

  /**
   * @param fields of the drain, each with a comma behind it
   */
  static Disrupted drain(String fields) {
    return of("{kind: NodeDrain, " + fields + "duration: 40s, ttl: 10m}", "NodeDrain", "n1");
  }

  private static Disrupted of(String fault, String kind, String victim) {
    var of = ObjectRef.Victim.parse(victim);
    return new Disrupted(
            Story.healed()
                .doing(fault)
                .expecting("lostRequests: {max: 0}\nresidue: none")
                .without(Event.FaultArmed.class)
                .without(Event.FaultInjected.class)
                .without(Event.FaultVerified.class)
                .without(Event.EffectSeen.class)
                .without(Milestone.POWER_OFF, Milestone.POWER_ON, Milestone.POD_NOT_READY)
                .without(Milestone.NODE_NOT_READY, Milestone.NODE_READY, Milestone.TAINT_NO_EXECUTE)
                .event(-0.2, s -> new Event.FaultArmed(s, "f1", kind, of, Story.at(600), Map.of()))
                .event(0, s -> new Event.FaultInjected(s, "f1", kind, of)))
        .seen(-25, "worker-a", true)
        .seen(-25, "worker-b", true)
        .with("terminationGracePeriodSeconds", "60")
        .with("lifecycle.preStop", "10")
        .with("maxUnavailable", "0")
        .with("podDisruptionBudget", "worker minAvailable 2")
        .servedFrom(-20, "worker-b");
  }

  Disrupted with(String setting, String value) {
    story.setting(setting, value, WORKER);
    return this;
  }

  Disrupted seen(double seconds, String pod, boolean ready) {
    story.event(
        seconds,
        s ->
            new Event.PodSeen(
                s, ObjectRef.Pod.parse("pod/llm/" + pod), ObjectRef.parse(WORKER), "1", ready));
    return this;
  }

  /** Both pods that there are go at 20 s, the next comes at 40 s, and two requests meanwhile. */
  Disrupted allAway() {
    return seen(20, "worker-a", false)
        .seen(20, "worker-b", false)
        .seen(30, "worker-c", false)
        .seen(40, "worker-c", true)
        .failed(25, Outcome.CONNECTION_FAILED, 0)
        .failed(35, Outcome.CONNECTION_FAILED, 0);
  }

  /** All that are answered from then on. */
  Disrupted servedFrom(double seconds, String pod) {
    story.changed(seconds, 200, r -> r.answered() ? Records.with(r, "pods", List.of(pod)) : r);
    return this;
  }

  Disrupted answered(double sent, double lasting, String pod) {
    return row(sent, lasting, Outcome.COMPLETE, 200, List.of(pod));
  }

  /** A stream that breaks off. */
  Disrupted cut(double sent, double lasting, String pod) {
    return row(sent, lasting, Outcome.TRUNCATED, 200, List.of(pod));
  }

  /** One that gets no answer at all, after 50 ms. */
  Disrupted failed(double sent, Outcome outcome, int status, String... pods) {
    return row(sent, 0.05, outcome, status, List.of(pods));
  }

  private Disrupted row(
      double sent, double lasting, Outcome outcome, int status, List<String> pods) {
    String id = "x" + sent;
    story.request(id, sent, lasting, outcome);
    story.changed(sent, sent, r -> r.id().equals(id) ? told(r, status, pods) : r);
    return this;
  }

  private static Request told(Request row, int status, List<String> pods) {
    var named = Records.with(Records.with(row, "pods", pods), "httpStatus", (Object) status);
    if (status == 200) {
      return named;
    }
    var without = named;
    for (String when : List.of("firstByte", "firstAnswerToken", "lastToken")) {
      without = Records.with(without, when, null);
    }
    return Records.with(without, "tokens", (Object) 0);
  }

  List<Finding> findings() {
    return story.findings("disruption");
  }

  /** Status and sentence of each. */
  List<String> said() {
    return findings().stream().map(f -> f.status() + " " + f.why()).toList();
  }
}
