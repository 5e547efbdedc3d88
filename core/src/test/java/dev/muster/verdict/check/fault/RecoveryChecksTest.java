package dev.muster.verdict.check.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.verdict.Story;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Phases;
import org.junit.jupiter.api.Test;

/** Detection, replacement and recovery: what Kubernetes did, and when. */
class RecoveryChecksTest {
  private static final Milestone[] AFTER_TAINT = {
    Milestone.POD_EVICTED,
    Milestone.REPLACEMENT_CREATED,
    Milestone.REPLACEMENT_SCHEDULED,
    Milestone.REPLACEMENT_STARTED,
    Milestone.MODEL_LOADED,
    Milestone.REPLACEMENT_READY,
    Milestone.ENDPOINT_ADDED,
    Milestone.FIRST_GOOD_TOKEN
  };

  @Test
  void detectionIsCountedFromTheFaultOfTheNodeThatWasTaken() {
    var finding =
        Story.healed()
            .event(
                -30,
                s -> new Event.FaultInjected(s, "f0", "CpuStress", ObjectRef.Victim.parse("n3")))
            .finding("detected");
    assertThat(finding.measured()).isEqualTo(50);
    assertThat(finding.status()).isEqualTo(Status.PASS);
  }

  @Test
  void whatARunThatWasKilledDidNotSeeMayHaveHappenedAfterIt() {
    var finding =
        Story.healed()
            .without(Milestone.NODE_NOT_READY)
            .without(Event.RunEnded.class)
            .finding("detected");
    assertThat(finding.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(finding.why()).contains("the run did not end");
  }

  @Test
  void timesCountFromThePowerCut() {
    assertThat(Story.healed().finding("detected").measured()).isEqualTo(50);
    assertThat(Story.healed().finding("replacedPods").measured()).isEqualTo(93.5);
    assertThat(Story.healed().finding("recovered").measured()).isEqualTo(93.7);
  }

  @Test
  void withoutASeenPowerCutTheyCountFromTheInjection() {
    assertThat(Story.healed().without(Milestone.POWER_OFF).finding("detected").measured())
        .isEqualTo(50.1);
  }

  @Test
  void lateDetectionNamesTheGracePeriod() {
    var finding = Story.healed().expecting("detected: {within: 40s}").finding("detected");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.bound()).isEqualTo(40);
    assertThat(finding.why())
        .isEqualTo(
            "node n1 was NotReady 50.0 s after the fault: node-monitor-grace-period 50s (kube-controller-manager)");
  }

  @Test
  void theBoundItselfStillPasses() {
    assertThat(Story.healed().expecting("detected: {within: 50s}").finding("detected").status())
        .isEqualTo(Status.PASS);
  }

  @Test
  void anotherNodeIsNotTheVictim() {
    var finding =
        Story.healed()
            .without(Milestone.NODE_NOT_READY)
            .reached(20, Milestone.NODE_NOT_READY, "node/n2")
            .finding("detected");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.measured()).isNull();
    assertThat(finding.why()).startsWith("node n1 was never seen NotReady");
  }

  @Test
  void whatWasMissedWhileBlindIsInconclusive() {
    var finding =
        Story.healed()
            .without(Milestone.NODE_NOT_READY)
            .event(40, s -> new Event.ObservationLost(s, "nodes", "connection reset"))
            .finding("detected");
    assertThat(finding.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(finding.why()).endsWith("the view of nodes was lost for a time (connection reset)");
  }

  @Test
  void aPodThatWasNeverEvictedIsBlamedOnItsToleration() {
    var story =
        Story.healed().without(AFTER_TAINT).setting("tolerationSeconds", "300", "Pod/llm/worker-a");

    var finding = story.finding("replacedPods");

    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.why())
        .isEqualTo(
            "1 of 1 pods on n1 were not replaced (worker-a): toleration had not ended when power came"
                + " back 120 s after the fault; it is owned by tolerationSeconds 300 (Pod worker-a)");
    assertThat(Phases.of(story.history()).getLast())
        .satisfies(phase -> assertThat(phase.name()).isEqualTo("toleration"))
        .satisfies(phase -> assertThat(phase.to()).isNull())
        .satisfies(phase -> assertThat(phase.seconds()).isNull());
  }

  @Test
  void podsThatOutlivedTheOutageBecauseOfTheirTolerationBlameIt() {
    var story =
        Story.healed()
            .without(AFTER_TAINT)
            .setting("tolerationSeconds", "300", "Pod/llm/worker-a")
            .reached(131, Milestone.POD_READY_AGAIN, "pod/llm/worker-a");

    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("replacedPods").why())
        .isEqualTo(
            "1 of 1 pods on n1 were not replaced (worker-a): the node came back before its pods"
                + " were evicted: tolerationSeconds 300 (Pod worker-a)");
    assertThat(story.finding("recovered").measured()).isEqualTo(131);
  }

  @Test
  void aContainerThatWasStartedAgainHasRecoveredWithoutAReplacement() {
    var story =
        Story.killed()
            .reached(0.3, Milestone.POD_NOT_READY, "pod/llm/worker-a")
            .expecting("recovered: {within: 60s}\nreplacedPods: {within: 60s}");

    assertThat(story.finding("recovered").status()).isEqualTo(Status.PASS);
    assertThat(story.finding("recovered").measured()).isEqualTo(15);
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void everyLostPodMustBeReplaced() {
    var story =
        Story.healed()
            .setting("targetPod", "n1", "Pod/llm/worker-z")
            .reached(50.2, Milestone.POD_NOT_READY, "pod/llm/worker-z");
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("replacedPods").why()).startsWith("1 of 2 pods on n1");

    story.replaced("worker-z", "worker-y", 100);
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.PASS);
    assertThat(story.finding("replacedPods").measured()).isEqualTo(113);
  }

  @Test
  void lateReplacementNamesThePhaseThatTookMost() {
    var finding = Story.healed().expecting("replacedPods: {within: 60s}").finding("replacedPods");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.why())
        .contains(
            "; 50 of 94 s: detection, node-monitor-grace-period 50s (kube-controller-manager)");
  }

  @Test
  void withoutAKnownPodOnTheVictimNothingIsKnown() {
    var story =
        Story.healed()
            .without(Event.SettingObserved.class)
            .without(AFTER_TAINT)
            .without(Milestone.POD_NOT_READY);
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("recovered").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void recoveryLastsAsLongAsTheInterruption() {
    var story = Story.healed().requests(10, 118, Outcome.TRUNCATED);
    assertThat(story.finding("recovered").measured()).isEqualTo(118);
  }

  @Test
  void aPodThatServesAgainOnItsReturnedNodeIsBack() {
    var story =
        Story.healed()
            .without(AFTER_TAINT)
            .event(
                130,
                s ->
                    new Event.MilestoneReached(
                        s,
                        Milestone.ENDPOINT_ADDED,
                        ObjectRef.parse("endpointslice/llm/w"),
                        java.util.Map.of("pod", "worker-a")));
    assertThat(story.finding("recovered").measured()).isEqualTo(130);
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.FAIL);
  }

  @Test
  void aPodThatNeverCameBackIsAFailureWhileItsNodeStaysAway() {
    var story = Story.healed().without(AFTER_TAINT);
    assertThat(story.finding("recovered").status()).isEqualTo(Status.INCONCLUSIVE);
    story.without(Milestone.NODE_READY);
    assertThat(story.finding("recovered").status()).isEqualTo(Status.FAIL);
  }
}
