package dev.muster.verdict;

import dev.muster.drill.expect.Expectation.Bound;
import dev.muster.drill.expect.Expectations;
import dev.muster.timeline.Event;
import dev.muster.timeline.Event.CachesChanged;
import dev.muster.timeline.Event.EtcdHashed;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.Trace.Source;
import dev.muster.verdict.finding.History;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Runs that pass, fail and prove nothing, each in its own way. */
final class Histories {
  private static final Map<String, String> N1 = Map.of("node", "n1");

  private Histories() {}

  static Map<String, History> all() {
    var all = new TreeMap<String, History>();
    all.put("healed", Story.healed().history());
    all.put("killed", Story.killed().requests(-20, 19.9, Outcome.COMPLETE).history());
    all.put(
        "drained",
        drain()
            .event(30, s -> new Event.FaultVerified(s, "f1", N1))
            .event(60, s -> new Event.EffectSeen(s, "f1", N1))
            .event(90, s -> new Event.EffectSeen(s, "f1", N1))
            .event(118, s -> new Event.EffectSeen(s, "f1", N1))
            .history());
    all.put(
        "not drained",
        drain()
            .event(110, s -> new Event.FaultUnfinished(s, "f1", Map.of("pod/llm/worker-a", "b")))
            .history());
    all.put(
        "drained and cut",
        drain()
            .expecting("lostRequests: {max: 0}\nresidue: none")
            .event(30, s -> new Event.FaultVerified(s, "f1", N1))
            .event(118, s -> new Event.EffectSeen(s, "f1", N1))
            .setting("lifecycle.preStop", "none", "Deployment/llm/worker")
            .event(-25, s -> pod(s, "worker-a", true))
            .event(-25, s -> pod(s, "worker-b", true))
            .event(20, s -> pod(s, "worker-a", false))
            .requests(20.1, 20.5, Outcome.CONNECTION_FAILED)
            .requests(50, 50.2, Outcome.TRUNCATED)
            .history());
    all.put("without load", Story.healed().withoutLoad().history());
    all.put("outage", Story.healed().requests(0, 59.9, Outcome.CONNECTION_FAILED).history());
    all.put(
        "two outages",
        Story.healed()
            .expecting("interruption: {max: 5s}\nrecovered: {within: 60s}")
            .requests(10, 19.9, Outcome.TRUNCATED)
            .requests(30, 33.9, Outcome.TRUNCATED)
            .history());
    all.put(
        "lost and refused",
        Story.healed()
            .expecting("lostRequests: {max: 0}\navailability: {min: 99.9%}")
            .requests(0, 3.9, Outcome.TRUNCATED)
            .requests(4, 5.9, Outcome.REJECTED)
            .history());
    all.put("ill before", Story.healed().requests(-20, -18, Outcome.HTTP_ERROR).history());
    all.put(
        "late",
        Story.healed().expecting("detected: {within: 20s}\nreplacedPods: {within: 60s}").history());
    all.put(
        "not replaced",
        Story.healed()
            .without(Milestone.REPLACEMENT_READY, Milestone.ENDPOINT_ADDED)
            .without(Milestone.FIRST_GOOD_TOKEN)
            .history());
    all.put(
        "two lost, one replaced",
        Story.healed()
            .setting("targetPod", "n1", "Pod/llm/worker-d")
            .reached(80.4, Milestone.POD_EVICTED, "pod/llm/worker-d")
            .history());
    all.put(
        "one replica", Story.healed().setting("replicas", "1", "Deployment/llm/worker").history());
    all.put(
        "ready too early",
        Story.healed()
            .without(Milestone.MODEL_LOADED)
            .reached(99, Milestone.MODEL_LOADED, "pod/llm/worker-c")
            .history());
    all.put("zone", zone("b").history());
    all.put("only zone", zone("a").history());
    all.put("corrupt", Story.healed().requests(20, 20.3, Outcome.CORRUPT).history());
    all.put("same content", Story.healed().comparing().history());
    all.put("other content", Story.healed().comparing().saying(20, 20.3, _ -> "wrong").history());
    all.put("any content", Story.healed().comparing().saying(-20, 139.9, Request::id).history());
    all.put("unnumbered", Story.healed().unnumbered(0, 40).history());
    all.put(
        "no effect",
        Story.healed()
            .without(Event.FaultVerified.class)
            .event(1, s -> new Event.FaultNotVerified(s, "f1", "still answers"))
            .history());
    all.put("not undone", Story.healed().without(Event.FaultReverted.class).history());
    all.put(
        "residue",
        Story.healed()
            .event(160.5, s -> new Event.ResidueAudited(s, List.of("pod/x"), List.of()))
            .history());
    all.put("aborted", Story.healed().event(130, s -> new Event.RunAborted(s, "Ctrl-C")).history());
    all.put("killed muster", Story.healed().without(Event.RunEnded.class).history());
    all.put(
        "blind",
        Story.healed()
            .without(Milestone.NODE_NOT_READY, Milestone.TAINT_NO_EXECUTE)
            .event(40, s -> new Event.ObservationLost(s, "watch of Node", "closed"))
            .history());
    all.put("alerts", alerts(Story.healed()).history());
    all.put("no alert", alerts(Story.healed()).without(Event.AlertRecorded.class).history());
    all.put("data", data("7", List.of("w-1")).history());
    all.put("data that differs", data("8", List.of("w-2")).history());
    all.put(
        "unexplained",
        data("7", List.of("w-1")).withoutTraces(t -> t.id().equals("r50.0")).history());
    all.put("all bounds", Story.healed().expecting(bounds()).history());
    all.put(
        "all bounds in an outage",
        Story.healed().expecting(bounds()).requests(0, 59.9, Outcome.CONNECTION_FAILED).history());
    Recorded.NAMES.forEach(name -> all.put(name, Recorded.history(name)));
    return all;
  }

  private static Event pod(Stamp stamp, String name, boolean ready) {
    return new Event.PodSeen(
        stamp,
        ObjectRef.Pod.parse("pod/llm/" + name),
        ObjectRef.parse("Deployment/llm/worker"),
        "1",
        ready);
  }

  /** A drain of n1 that began, of which nothing is told yet. */
  private static Story drain() {
    return Story.healed()
        .doing("{kind: NodeDrain, duration: 90s, ttl: 10m}")
        .expecting("replacedPods: {within: 2m}\navailability: {min: 90%}\nresidue: none")
        .without(Event.FaultArmed.class)
        .without(Event.FaultInjected.class)
        .without(Event.FaultVerified.class)
        .without(Event.EffectSeen.class)
        .without(Milestone.POWER_OFF, Milestone.POWER_ON)
        .without(Milestone.NODE_NOT_READY, Milestone.NODE_READY, Milestone.TAINT_NO_EXECUTE)
        .event(
            -0.2,
            s ->
                new Event.FaultArmed(
                    s, "f1", "NodeDrain", ObjectRef.Victim.parse("n1"), Story.FAULT, N1))
        .event(0, s -> new Event.FaultInjected(s, "f1", "NodeDrain", ObjectRef.Victim.parse("n1")));
  }

  /** Each expectation of a time or of requests, also of checks that are still to come. */
  private static String bounds() {
    return Expectations.all().stream()
        .filter(each -> each.bound() != Bound.OTHER && each.times().isEmpty())
        .map(each ->
            "%s: {%s: %s}\n"
                .formatted(
                    each.name(),
                    each.place().substring(1),
                    each.bound() == Bound.REQUESTS ? "10" : "60s"))
        .collect(Collectors.joining());
  }

  /**
   * Zone a, with n1, is lost.
   *
   * @param other the zone of n2, which has the other worker
   */
  private static Story zone(String other) {
    return Story.healed()
        .expecting("zone: {survives: true}\navailability: {min: 90%}")
        .setting("replicas", "0", "Deployment/llm/api")
        .setting("zone", "a", "node/n1")
        .setting("zone", other, "node/n2")
        .event(
            -0.3,
            s ->
                new Event.VictimHosts(
                    s,
                    ObjectRef.Node.parse("n1"),
                    List.of(ObjectRef.Pod.parse("pod/llm/worker-a"))));
  }

  private static Story alerts(Story story) {
    return story
        .observing("prometheus: 'http://p'")
        .expecting(
            "alerts: [{name: NodeNotReady, firesWithin: 2m, resolvesWithin: 3m, notifiedWithin:"
                + " 2m}]")
        .event(
            0,
            s ->
                new Event.AlertRuleSeen(
                    s,
                    "NodeNotReady",
                    "up == 0",
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5),
                    null))
        .event(62, s -> new Event.AlertRecorded(told(62), "NodeNotReady", N1, told(135)))
        .event(63, s -> new Event.AlertHeld(told(63), "NodeNotReady", N1, List.of("muster")))
        .event(
            65,
            s ->
                new Event.AlertNotified(
                    s, "NodeNotReady", N1, "firing", "muster", Story.at(62), null))
        .event(150, s -> new Event.AlertsRead(s, "prometheus", Story.at(-30), Story.at(150)))
        .event(150, s -> new Event.AlertsRead(s, "alertmanager", Story.at(-30), Story.at(150)))
        .event(150, s -> new Event.AlertsRead(s, "muster-receiver", Story.at(-30), Story.at(150)));
  }

  private static Stamp told(double seconds) {
    return new Stamp(Story.at(seconds), "prometheus", Story.at(seconds), Duration.ZERO);
  }

  private static Story data(String hash, List<String> known) {
    return Story.healed()
        .expecting(
            """
            consistency: {etcd: equal, acknowledgedWrites: kept}
            caches: {agreeWithin: 30s}
            reconciled: {unexplained: 0}
            logs: [{query: ERROR, max: 0}]
            """)
        .traced("w-a")
        .read(Source.USAGE, Source.LOG)
        .event(
            -20,
            s ->
                new CachesChanged(
                    s,
                    List.of("w-1"),
                    List.of("w-1"),
                    List.of(new CachesChanged.Cache("g-1", List.of("w-1"), 4, null))))
        .event(
            60,
            s ->
                new CachesChanged(
                    s,
                    List.of("w-1"),
                    List.of("w-1"),
                    List.of(new CachesChanged.Cache("g-1", known, 5, null))))
        .event(
            150,
            s ->
                new EtcdHashed(
                    s,
                    42,
                    List.of(
                        new EtcdHashed.Member("a", "7", 9, 42, 50, null),
                        new EtcdHashed.Member("b", hash, 9, 42, 50, null),
                        new EtcdHashed.Member("c", "7", 9, 42, 50, null))))
        .event(151, s -> new Event.LogsCounted(s, "ERROR", Story.at(0), Story.at(150), 0));
  }
}
