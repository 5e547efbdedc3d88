package dev.muster.report;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.file.Journal;
import dev.muster.timeline.file.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A run folder as a drill leaves it: 10 s of health, power off at second 10, errors for 4 s,
 * NotReady 45 s after the fault, replaced after 90 s, power on after 120 s. One request a second.
 * Revision 2 of the worker is Ready at second 100; the request of second 99 met it before.
 */
final class SyntheticRun {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final Instant FAULT = START.plusSeconds(10);
  private static final int SECONDS = 140;

  private SyntheticRun() {}

  static final String DRILL =
      """
      apiVersion: muster.dev/v1
      kind: Drill
      metadata: {name: synthetic, title: {en: A drill, zh: 演练}}
      target: {namespace: s, selector: {labelSelectors: {app: worker}}, endpoint: ingress}
      load: {arrivals: {constant: 1/s}, stream: true, prompt: {tokens: 10}, answer: {tokens: 10}, baseline: 10s}
      faults:
        - {kind: NodeShutdown, mode: one, selector: {hosting: target}, duration: 2m, ttl: 4m}
      expect:
        detected: {within: 60s}
        replacedPods: {within: 2m}
        interruption: {max: 30s}
        lostRequests: {max: 10}
        residue: none
      """;

  static Path write(Path folder, String pod) throws IOException {
    Files.writeString(folder.resolve("drill.yaml"), DRILL);
    String old = "pod/s/" + pod;
    String fresh = "pod/s/fresh";
    try (Journal journal = Journal.open(folder)) {
      journal.append(new Event.RunStarted(at(0), "r", "synthetic", Map.of("kubernetes", "1.37.2")));
      journal.append(
          new Event.SettingObserved(at(0), "targetPod", "node-1", ObjectRef.parse("Pod/s/" + pod)));
      journal.append(
          new Event.SettingObserved(
              at(0), "tolerationSeconds", "30", ObjectRef.parse("Pod/s/" + pod)));
      pod(journal, 0, "w", "rev1", true);
      journal.append(new Event.LoadStarted(at(0), 1, "1/s"));
      journal.append(
          new Event.FaultArmed(
              at(10),
              "f",
              "NodeShutdown",
              ObjectRef.Victim.parse("node-1"),
              FAULT.plusSeconds(240),
              Map.of()));
      journal.append(
          new Event.FaultInjected(at(10), "f", "NodeShutdown", ObjectRef.Victim.parse("node-1")));
      milestone(journal, 10, Milestone.POWER_OFF, "node/node-1", Map.of());
      journal.append(new Event.FaultVerified(at(25), "f", Map.of("lease", "silent")));
      milestone(journal, 55, Milestone.NODE_NOT_READY, "node/node-1", Map.of());
      journal.append(new Event.EffectSeen(at(80), "f", Map.of("lease", "silent")));
      milestone(journal, 85, Milestone.POD_EVICTED, old, Map.of());
      milestone(journal, 86, Milestone.REPLACEMENT_CREATED, fresh, Map.of("replaces", pod));
      pod(journal, 86, "w2", "rev2", false);
      pod(journal, 100, "w2", "rev2", true);
      milestone(journal, 100, Milestone.MODEL_LOADED, fresh, Map.of());
      milestone(journal, 100, Milestone.REPLACEMENT_READY, fresh, Map.of());
      milestone(
          journal, 100, Milestone.ENDPOINT_ADDED, "endpointslice/s/worker", Map.of("pod", "fresh"));
      journal.append(new Event.EffectSeen(at(128), "f", Map.of("lease", "silent")));
      journal.append(new Event.FaultReverting(at(130), "f", "duration is over"));
      milestone(journal, 131, Milestone.POWER_ON, "node/node-1", Map.of());
      journal.append(new Event.FaultReverted(at(131), "f", Map.of("power", "ON")));
      milestone(journal, 135, Milestone.NODE_READY, "node/node-1", Map.of());
      journal.append(new Event.PhaseEnded(at(139), "recover", null));
      journal.append(
          new Event.LoadEnded(at(SECONDS), SECONDS, 1, 2, new Event.CanaryLag(900, 2, 8)));
      journal.append(new Event.ResidueAudited(at(SECONDS), List.of(), List.of()));
      journal.append(new Event.RunEnded(at(SECONDS)));
    }
    try (Ledger ledger = Ledger.open(folder)) {
      for (int i = 0; i < SECONDS; i++) {
        ledger.append(request(i, i >= 10 && i < 14 ? Outcome.TRUNCATED : Outcome.COMPLETE));
      }
      ledger.finish();
    }
    return folder;
  }

  static void milestone(
      Journal journal, int second, Milestone milestone, String object, Map<String, String> detail) {
    journal.append(
        new Event.MilestoneReached(
            Stamp.seen(START.plusSeconds(second), "api-server", Duration.ofMillis(500)),
            milestone,
            ObjectRef.parse(object),
            detail));
  }

  private static void pod(
      Journal journal, int second, String name, String revision, boolean ready) {
    journal.append(
        new Event.PodSeen(
            Stamp.seen(START.plusSeconds(second), "api-server", Duration.ofMillis(500)),
            ObjectRef.Pod.parse("pod/s/" + name),
            ObjectRef.parse("Deployment/s/worker"),
            revision,
            ready));
  }

  private static Stamp at(int second) {
    return Stamp.engine(START.plusSeconds(second));
  }

  private static Request request(int second, Outcome outcome) {
    Instant intended = START.plusSeconds(second);
    Instant token = intended.plusMillis(100);
    return new Request(
        "r-" + second,
        true,
        intended,
        intended,
        token,
        null,
        token,
        token,
        intended.plusMillis(500),
        10,
        10,
        List.of(second < 99 ? "w" : "w2"),
        1,
        0,
        200,
        outcome,
        null,
        true);
  }
}
