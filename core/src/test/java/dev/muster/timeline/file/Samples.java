package dev.muster.timeline.file;

import dev.muster.timeline.Change;
import dev.muster.timeline.Event;
import dev.muster.timeline.EventJson;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One of each event, and requests, for tests of files. */
public final class Samples {
  static final Instant T = Instant.parse("2026-01-02T03:04:05.123456789Z");
  private static final Stamp ACT = Stamp.engine(T);
  private static final Stamp SEEN =
      new Stamp(T, "api-server", T.minusSeconds(1), Duration.ofMillis(250));

  private Samples() {}

  public static final List<Event> EVENTS =
      List.of(
          new Event.RunStarted(ACT, "run-1", "node-shutdown", Map.of("kubernetes", "1.37.2")),
          new Event.PhaseStarted(ACT, "baseline"),
          new Event.PhaseEnded(ACT, "baseline", null),
          new Event.PhaseEnded(ACT, "inject", "the node did not answer: \"节点\"\n"),
          new Event.SettingObserved(
              ACT, "tolerationSeconds", "30", new ObjectRef.Pod("deepseek", "w-1", "uid-1")),
          new Event.FaultArmed(
              ACT, "f1", "NodeShutdown", ObjectRef.Victim.parse("n1"), T, Map.of("power", "lab")),
          new Event.FaultInjected(ACT, "f1", "NodeShutdown", ObjectRef.Victim.parse("n1")),
          new Event.FaultVerified(ACT, "f1", Map.of("lease", "stopped")),
          new Event.FaultNotVerified(ACT, "f1", "the node still answers"),
          new Event.FaultUnfinished(
              ACT, "f1", Map.of("pod/s/w-1", "PodDisruptionBudget s/w (minAvailable 2)")),
          new Event.FaultArmed(
              ACT,
              "f2",
              "PodKill",
              new ObjectRef.Pod("s", "w", null),
              null,
              Map.of("by", "nobody")),
          new Event.EffectSeen(SEEN, "f1", Map.of("lease", "not renewed for 60 s")),
          new Event.EffectLost(SEEN, "f1", "kubelet answers", Duration.ofSeconds(4)),
          new Event.FaultReverting(ACT, "f1", "duration"),
          new Event.FaultReverted(ACT, "f1", Map.of()),
          new Event.FaultNotReverted(ACT, "f1", "still off"),
          new Event.FaultRevertUnseen(ACT, "f1", "nobody could look on n1"),
          new Event.AgentSaid(SEEN, "f1", "n1", "armed", Map.of("undo", "4711")),
          new Event.PreflightForced(ACT, List.of("not enough memory")),
          new Event.MilestoneReached(
              SEEN, Milestone.NODE_NOT_READY, new ObjectRef.Node("n1", "uid-2"), Map.of()),
          new Event.LoadStarted(ACT, 7, "poisson 10/s"),
          new Event.LoadEnded(ACT, 100, 1.5, 20.25, new Event.CanaryLag(900, 2, 8)),
          new Event.ObservationLost(ACT, "pods", "connection reset"),
          new Event.ObservationResumed(ACT, "pods"),
          new Event.EnginePaused(ACT, ACT.at(), Duration.ofSeconds(60)),
          new Event.NotObserved(ACT, "prometheus", "connection refused"),
          new Event.AlertFired(SEEN, "NodeNotReady", Map.of("node", "n1")),
          new Event.AlertResolved(SEEN, "NodeNotReady", Map.of("node", "n1")),
          new Event.AlertHeld(SEEN, "NodeNotReady", Map.of(), List.of("muster")),
          new Event.AlertSilenced(SEEN, "NodeNotReady", Map.of(), "silence 1 by me: a test"),
          new Event.AlertNotified(SEEN, "NodeNotReady", Map.of(), "firing", "muster", T, null),
          new Event.AlertRecorded(SEEN, "NodeNotReady", Map.of("node", "n1"), SEEN),
          new Event.AlertRuleSeen(
              ACT, "Other", "up == 0", Duration.ofSeconds(10), Duration.ofSeconds(5), null),
          new Event.AlertsRead(ACT, "prometheus", T, T.plusSeconds(9)),
          new Event.EnginePaused(ACT, T, Duration.ofSeconds(60)),
          new Event.GeneratorLate(ACT, T, Duration.ofSeconds(3), Duration.ofMillis(1500)),
          new Event.LoadPodEnded(
              ACT, 1, "load-1-x", "n1", 500, Duration.ofMillis(-12), Duration.ofMillis(3)),
          new Event.LoadPodLost(ACT, 2, "load-2-x", "n2", 17, "it was deleted"),
          new Event.ClockStepped(ACT, Duration.ofHours(-1)),
          new Event.RunAborted(ACT, "Ctrl-C"),
          new Event.PodsPlaced(
              ACT, Map.of(new ObjectRef.Pod("s", "worker-1", "u"), new ObjectRef.Node("n1", null))),
          new Event.PodSeen(
              SEEN,
              new ObjectRef.Pod("s", "worker-1", "u"),
              new ObjectRef.Workload("Deployment", "s", "worker", null),
              "5d9c7",
              true),
          new Event.VictimHosts(
              SEEN,
              new ObjectRef.Node("n1", "u1"),
              List.of(new ObjectRef.Pod("s", "worker-1", "u"))),
          new Event.OutsideChange(
              SEEN,
              new ObjectRef.Workload("Deployment", "s", "w", "u"),
              Change.SCALED_DOWN,
              Map.of("from", "3", "to", "1")),
          new Event.TracesRead(ACT, Trace.Source.USAGE, 7, Map.of("revision", "42")),
          new Event.EtcdChanged(SEEN, "etcd-1", 3, List.of("etcd-0", "etcd-1"), List.of("etcd-2")),
          new Event.EtcdHashed(
              ACT,
              42,
              List.of(
                  new Event.EtcdHashed.Member("etcd-0", "7", 1, 43, 50, null),
                  new Event.EtcdHashed.Member("etcd-1", null, 0, 0, 0, "no answer"))),
          new Event.CachesChanged(
              SEEN,
              List.of("worker-1"),
              List.of("worker-1"),
              List.of(new Event.CachesChanged.Cache("api-1", List.of("worker-1"), 42, null))),
          new Event.LogsCounted(ACT, "level:ERROR", T, T.plusSeconds(60), 3),
          new Event.SqlAnswered(ACT, "jdbc:sqlite:x", "select 1", null),
          new Event.ResidueAudited(ACT, List.of("pod/x"), List.of("node n1")),
          new Event.RunEnded(ACT));

  /** The same under another id. */
  static Request with(Request row, String id) {
    var json = EventJson.write(row);
    return EventJson.readRequest(json.replace('"' + row.id() + '"', '"' + id + '"'));
  }

  static Request request(int number) {
    return new Request(
        "r-" + number,
        true,
        T.plusMillis(number),
        T.plusMillis(number),
        T.plusMillis(number + 5L),
        null,
        T.plusMillis(number + 9L),
        T.plusMillis(number + 90L),
        T.plusMillis(number + 91L),
        60,
        12,
        List.of("worker-1"),
        1,
        0,
        200,
        Outcome.COMPLETE,
        null,
        true,
        "stop",
        false,
        "7f3a90c1b2d4e5f6",
        "0123456789abcdef",
        null);
  }
}
