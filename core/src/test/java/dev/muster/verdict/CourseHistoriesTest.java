package dev.muster.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Change;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Phases;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pods and alerts that are taken for others, and what somebody else did. */
class CourseHistoriesTest {
  private static final Map<String, String> N1 = Map.of("node", "n1");

  /** worker-b of another node was moved by somebody; worker-a of the victim is never replaced. */
  @Test
  void theReplacementOfAnotherPodIsNotTheLostOnes() {
    var story =
        Story.healed().without(e -> e instanceof Event.MilestoneReached m && about(m, "worker-c"));
    story.event(
        60,
        s ->
            new Event.MilestoneReached(
                s,
                Milestone.REPLACEMENT_CREATED,
                ObjectRef.parse("pod/llm/worker-x"),
                Map.of("replaces", "pod/llm/worker-b")));
    story.reached(70, Milestone.REPLACEMENT_READY, "pod/llm/worker-x");
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("recovered").status()).isNotEqualTo(Status.PASS);
  }

  private static boolean about(Event.MilestoneReached m, String pod) {
    var of = Recovery.pod(m);
    return of != null && of.name().equals(pod);
  }

  /** worker-b was on n2, which no fault took; somebody drained it, and nobody made it anew. */
  @Test
  void aPodThatSomebodyElseTookFromAnotherNodeIsNotLostToTheFault() {
    var story = Story.healed().reached(20, Milestone.POD_EVICTED, "pod/llm/worker-b");
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.PASS);
    assertThat(story.finding("recovered").status()).isEqualTo(Status.PASS);
  }

  /** Its node returns and it is Ready for a moment, on its way to the end. */
  @Test
  void anEvictedPodThatIsReadyOnItsReturnedNodeIsNotBack() {
    var story =
        Story.healed()
            .without(e -> e instanceof Event.MilestoneReached m && about(m, "worker-c"))
            .reached(123, Milestone.POD_READY_AGAIN, "pod/llm/worker-a");
    assertThat(story.finding("recovered").status()).isEqualTo(Status.FAIL);
  }

  @Test
  void aPodThatWasReadyAgainAndIsNotAnyMoreIsNotBack() {
    var story =
        Story.killed()
            .reached(0.3, Milestone.POD_NOT_READY, "pod/llm/worker-a")
            .reached(18, Milestone.POD_NOT_READY, "pod/llm/worker-a")
            .expecting("recovered: {within: 60s}");
    assertThat(story.finding("recovered").status()).isEqualTo(Status.FAIL);
  }

  /** Somebody deletes the pod 10 s after the taint, which it tolerates for 30 s. */
  @Test
  void aPodThatSomebodyElseEvictedShowsNothingOfTheCluster() {
    var story =
        Story.healed()
            .without(e -> e instanceof Event.MilestoneReached m && about(m, "worker-c"))
            .without(Milestone.POD_EVICTED)
            .setting("tolerationSeconds", "300", "Pod/llm/worker-a")
            .replaced("worker-a", "worker-c", 60);
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.PASS);
    assertThat(story.finding("order").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("order").why())
        .contains("POD_EVICTED of pod/llm/worker-a was 240.0 s before its tolerationSeconds 300");
    assertThat(Verdict.of(story.history()).status()).isEqualTo(Status.INCONCLUSIVE);
  }

  /** Somebody scales the workload to nothing, so that nobody makes a replacement. */
  @Test
  void aPodThatSomebodyScaledAwayIsNotPutOnTheFault() {
    var story =
        Story.healed()
            .without(e -> e instanceof Event.MilestoneReached m && about(m, "worker-c"))
            .event(20, s -> change(s, "Deployment/llm/worker", Change.SCALED_DOWN));
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("recovered").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aBoundThatWasOverBeforeSomebodyElseCameStaysBroken() {
    var story =
        Story.healed()
            .expecting("replacedPods: {within: 60s}")
            .event(70, s -> change(s, "Deployment/llm/worker", Change.ROLLED_OUT));
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.FAIL);
    story.event(30, s -> change(s, "Deployment/llm/worker", Change.ROLLED_OUT));
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  /** n3 is away since before the fault: two nodes are lost where the drill took one. */
  @Test
  void aNodeThatWasAwayBeforeTheFaultMayHaveDoneTheHarm() {
    var story =
        Story.healed()
            .expecting("interruption: {max: 10s}")
            .event(-8, s -> change(s, "node/n3", Change.NOT_READY))
            .requests(1, 45, Outcome.HTTP_ERROR);
    assertThat(story.finding("interruption").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("interruption").why()).contains("seen 8.0 s before the fault");
    story.event(-3, s -> change(s, "node/n3", Change.READY));
    assertThat(story.finding("interruption").status()).isEqualTo(Status.FAIL);
  }

  /** The outage begins with the replacement and goes on long after the recovery was over. */
  @Test
  void anOutageThatLastsLongAfterTheRecoveryIsNotBlamedOnItsLastPhase() {
    var story =
        Story.healed().expecting("interruption: {max: 10s}").requests(94, 135, Outcome.HTTP_ERROR);
    assertThat(story.finding("interruption").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("interruption").why())
        .endsWith("its cause is not known: the recovery was over in most of that time");
  }

  /** The controller manager was away: NotReady came 200 s after a grace period of 50 s. */
  @Test
  void aPhaseThatIsMuchLongerThanItsSettingIsNotBlamedOnIt() {
    var story =
        Story.healed()
            .without(Milestone.NODE_NOT_READY, Milestone.TAINT_NO_EXECUTE, Milestone.POD_EVICTED)
            .reached(110, Milestone.NODE_NOT_READY, "node/n1");
    assertThat(story.finding("detected").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("detected").why())
        .endsWith(
            "node-monitor-grace-period 50s (kube-controller-manager), which explains no more than"
                + " 50 s: the rest has another cause");
    assertThat(Phases.of(story.history()).getFirst().setting()).isNull();
  }

  /** Somebody restarts the workload just after the fault: its pods are made anew at once. */
  @Test
  void podsThatARolloutMadeAnewShowNothingOfTheRecovery() {
    var story =
        Story.healed().event(60, s -> change(s, "Deployment/llm/worker", Change.ROLLED_OUT));
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("recovered").status()).isEqualTo(Status.INCONCLUSIVE);
    var after =
        Story.healed().event(130, s -> change(s, "Deployment/llm/worker", Change.ROLLED_OUT));
    assertThat(after.finding("replacedPods").status()).isEqualTo(Status.PASS);
  }

  /** An autoscaler makes one more, and nobody says whose place any pod took. */
  @Test
  void anAutoscalersPodMayBeTheOneThatIsTakenForTheReplacement() {
    var story =
        Story.healed()
            .without(e -> e instanceof Event.MilestoneReached m && about(m, "worker-c"))
            .event(20, s -> change(s, "Deployment/llm/worker", Change.SCALED_UP))
            .reached(22, Milestone.REPLACEMENT_CREATED, "pod/llm/worker-h")
            .reached(40, Milestone.REPLACEMENT_READY, "pod/llm/worker-h");
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void allReplicasOfAWorkloadOnTheVictimAreOne() {
    var story =
        Story.healed()
            .setting("replicas", "2", "Deployment/llm/api")
            .setting("controller", "Deployment/llm/api", "Pod/llm/api-1")
            .setting("controller", "Deployment/llm/api", "Pod/llm/api-2")
            .setting("pod", "n1", "Pod/llm/api-1")
            .setting("pod", "n1", "Pod/llm/api-2")
            .expecting("interruption: {max: 10s}")
            .requests(0, 60, Outcome.CONNECTION_FAILED);
    assertThat(story.finding("redundancy").why())
        .isEqualTo(
            "all 2 replicas of Deployment/llm/api were on n1: nothing takes over while it is away");
    story.setting("pod", "n2", "Pod/llm/api-2");
    assertThat(story.finding("redundancy").status()).isEqualTo(Status.PASS);
  }

  /** A DaemonSet's pod and one of the kubelet's own wait for their node. */
  @Test
  void whatBelongsToANodeIsReplacedByNobody() {
    for (var controller : List.of("DaemonSet/llm/cache", "Node/n1")) {
      var story =
          Story.healed()
              .setting("targetPod", "n1", "Pod/llm/cache-1")
              .setting("controller", controller, "Pod/llm/cache-1")
              .reached(50.2, Milestone.POD_NOT_READY, "pod/llm/cache-1");
      assertThat(story.finding("replacedPods").status()).isEqualTo(Status.PASS);
      assertThat(story.finding("recovered").status())
          .as("it is not back")
          .isNotEqualTo(Status.PASS);
      story.reached(124, Milestone.POD_READY_AGAIN, "pod/llm/cache-1");
      assertThat(story.finding("recovered").measured()).isEqualTo(124);
    }
    var bare =
        Story.healed()
            .setting("targetPod", "n1", "Pod/llm/bare")
            .reached(50.2, Milestone.POD_NOT_READY, "pod/llm/bare");
    assertThat(bare.finding("replacedPods").status()).isEqualTo(Status.FAIL);
  }

  /** A quota forbids the replacement: that is not the pod's time to terminate. */
  @Test
  void aReplacementThatNobodyMakesIsNotBlamedOnASettingOfSeconds() {
    var story =
        Story.healed()
            .without(e -> e instanceof Event.MilestoneReached m && about(m, "worker-c"))
            .setting("terminationGracePeriodSeconds", "30", "Pod/llm/worker-a");
    assertThat(story.finding("replacedPods").why())
        .endsWith(
            "terminationGracePeriodSeconds 30 (Pod worker-a), which explains no more than 30 s: the"
                + " rest has another cause");
  }

  /** A node of the control plane dies: whether the grace period made it late is not known. */
  @Test
  void aLateDetectionIsNotBlamedOnAPeriodWhileAnotherNodeDies() {
    var story =
        Story.healed()
            .expecting("detected: {within: 40s}")
            .event(20, s -> change(s, "node/cp-1", Change.NOT_READY));
    assertThat(story.finding("detected").why()).contains("no phase is blamed: node/cp-1 not ready");
  }

  @Test
  void aNotificationThatNobodyReadForIsNotMissing() {
    var asked =
        "alerts: [{name: NodeNotReady, firesWithin: 2m, resolvesWithin: 3m, notifiedWithin: 2m}]";
    var part =
        alerts(List.of(fired(62, 135.0, N1)))
            .expecting(asked)
            .observing("prometheus: 'http://p', alertmanager: 'service/m/am:9093'")
            .event(
                150, s -> new Event.AlertsRead(s, "muster-receiver", Story.at(100), Story.at(150)));
    assertThat(part.finding("alerts").status()).isEqualTo(Status.INCONCLUSIVE);
    part.without(e -> e instanceof Event.AlertsRead r && r.source().equals("muster-receiver"));
    part.event(150, s -> new Event.AlertsRead(s, "muster-receiver", Story.at(-30), Story.at(150)));
    assertThat(part.finding("alerts").status()).isEqualTo(Status.FAIL);
  }

  @Test
  void anAlertOfAnotherNodeIsNotTheVictims() {
    var other = alerts(List.of(fired(62, 135.0, Map.of("node", "n2"))));
    assertThat(other.finding("alerts").status()).isEqualTo(Status.FAIL);
    var unnamed = alerts(List.of(fired(62, 135.0, Map.of("severity", "critical"))));
    assertThat(unnamed.finding("alerts").status()).isEqualTo(Status.PASS);
    var ofAPod = alerts(List.of(fired(62, 135.0, Map.of("node", "n2", "pod", "worker-b"))));
    assertThat(ofAPod.finding("alerts").status()).isEqualTo(Status.PASS);
  }

  @Test
  void anAlertThatNamesOneOfTwoVictimsDidNotFireForTheOther() {
    var one =
        alerts(List.of(fired(62, 135.0, N1)))
            .event(
                1,
                s -> new Event.FaultInjected(s, "f2", "NodeShutdown", ObjectRef.Node.parse("n2")));
    assertThat(one.finding("alerts").status()).isEqualTo(Status.FAIL);
    one.event(70, _ -> fired(70, 136.0, Map.of("node", "n2")));
    assertThat(one.finding("alerts").status()).isEqualTo(Status.PASS);
  }

  @Test
  void anAlertThatFlappedBeforeTheFaultProvesNothing() {
    var flapping =
        alerts(List.of(fired(-18, -15.0, N1), fired(-9, -6.0, N1), fired(62, 135.0, N1)));
    assertThat(flapping.finding("alerts").status()).isEqualTo(Status.INCONCLUSIVE);
    var firing = alerts(List.of(fired(-18, 20.0, N1), fired(62, 135.0, N1)));
    assertThat(firing.finding("alerts").status()).isEqualTo(Status.INCONCLUSIVE);
    var once = alerts(List.of(fired(-18, -15.0, N1), fired(62, 135.0, N1)));
    assertThat(once.finding("alerts").status()).isEqualTo(Status.PASS);
  }

  @Test
  void strangersAreToldOfTheTimeThatPrometheusWasReadOf() {
    var part =
        alerts(List.of(fired(62, 135.0, N1)))
            .without(Event.AlertsRead.class)
            .event(150, s -> new Event.AlertsRead(s, "prometheus", Story.at(100), Story.at(150)));
    assertThat(part.finding("unexpectedAlerts").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  /** Muster's own clock is not set; whoever else tells times by this machine's tells others. */
  @Test
  void whatOthersTellByAClockThatWasSetProvesNothing() {
    var alerts =
        alerts(List.of(fired(62, 135.0, N1)))
            .event(20, s -> new Event.ClockStepped(s, Duration.ofSeconds(30)));
    assertThat(alerts.finding("alerts").status()).isEqualTo(Status.INCONCLUSIVE);
    var late =
        alerts(List.of(fired(130, 135.0, N1)))
            .event(20, s -> new Event.ClockStepped(s, Duration.ofSeconds(30)));
    assertThat(late.finding("alerts").status()).isEqualTo(Status.INCONCLUSIVE);
    var own = Story.healed().event(20, s -> new Event.ClockStepped(s, Duration.ofHours(-1)));
    assertThat(Verdict.of(own.history()).status()).isEqualTo(Status.PASS);
    var slewed =
        alerts(List.of(fired(62, 135.0, N1)))
            .event(20, s -> new Event.ClockStepped(s, Duration.ofMillis(600)));
    assertThat(slewed.finding("alerts").status()).isEqualTo(Status.PASS);
  }

  private static Story alerts(List<Event.AlertRecorded> recorded) {
    var story =
        Story.healed()
            .observing("prometheus: 'http://p'")
            .expecting("alerts: [{name: NodeNotReady, firesWithin: 2m, resolvesWithin: 3m}]")
            .event(150, s -> new Event.AlertsRead(s, "prometheus", Story.at(-30), Story.at(150)))
            .event(
                0,
                s ->
                    new Event.AlertRuleSeen(
                        s,
                        "NodeNotReady",
                        "up == 0",
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        null));
    recorded.forEach(e -> story.event(0, _ -> e));
    return story;
  }

  private static Event.AlertRecorded fired(
      double from, @Nullable Double to, Map<String, String> labels) {
    return new Event.AlertRecorded(
        told(from), "NodeNotReady", labels, to == null ? null : told(to));
  }

  private static Stamp told(double at) {
    return new Stamp(Story.at(at), "prometheus", Story.at(at), Duration.ZERO);
  }

  private static Event change(Stamp stamp, String object, Change change) {
    return new Event.OutsideChange(stamp, ObjectRef.parse(object), change, Map.of());
  }
}
