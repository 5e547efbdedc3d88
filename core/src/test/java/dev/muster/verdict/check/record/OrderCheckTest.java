package dev.muster.verdict.check.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.verdict.Story;
import dev.muster.verdict.Verdict;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderCheckTest {

  @Test
  void aRunInWhichAllCameInItsOrderPasses() {
    assertThat(Story.healed().finding("order").status()).isEqualTo(Status.PASS);
    assertThat(Story.killed().finding("order").status()).isEqualTo(Status.PASS);
    assertThat(Story.killed().finding("order").why())
        .isEqualTo("no effect was recorded before its cause");
  }

  @Test
  void notReadyCanNotComeBeforeTheGracePeriodIsOver() {
    var story = Story.healed().reached(-3, Milestone.LAST_LEASE, "node/n1");
    assertThat(story.finding("order").status()).isEqualTo(Status.PASS);

    var moved =
        story.without(Milestone.NODE_NOT_READY).reached(10, Milestone.NODE_NOT_READY, "node/n1");

    assertThat(moved.finding("order").why())
        .startsWith(
            "NODE_NOT_READY of node/n1 was 37.0 s before its grace period of 50 s can have been"
                + " over");
    assertThat(Verdict.of(moved.history()).status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void withoutTheLastLeaseItMayHaveBeenAsOldAsLeasesGet() {
    var story = Story.healed().without(Milestone.NODE_NOT_READY, Milestone.TAINT_NO_EXECUTE);
    assertThat(story.reached(40, Milestone.NODE_NOT_READY, "node/n1").finding("order").status())
        .isEqualTo(Status.PASS);
    assertThat(story.reached(35, Milestone.NODE_NOT_READY, "node/n1").finding("order").status())
        .isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aKubeletThatSaysItselfThatItIsNotReadyHasNoGracePeriod() {
    var story =
        Story.healed()
            .without(Milestone.NODE_NOT_READY)
            .event(
                5,
                s ->
                    new Event.MilestoneReached(
                        s,
                        Milestone.NODE_NOT_READY,
                        ObjectRef.parse("node/n1"),
                        Map.of("status", "False")));
    assertThat(story.finding("order").status()).isEqualTo(Status.PASS);
  }

  @Test
  void nobodyKnowsAGracePeriodThatNobodySaw() {
    var story =
        Story.healed()
            .setting(
                "node-monitor-grace-period",
                "not readable here, 50s (default of 1.37)",
                "kube-controller-manager")
            .without(Milestone.NODE_NOT_READY)
            .reached(20, Milestone.NODE_NOT_READY, "node/n1");
    assertThat(story.finding("order").status()).isEqualTo(Status.PASS);
  }

  @ParameterizedTest
  @CsvSource({
    "NODE_NOT_READY, node/n1, 51",
    "NODE_READY, node/n1, 49",
    "NODE_READY, node/n1, -29",
    "POWER_ON, node/n1, -5",
    "POD_EVICTED, pod/llm/worker-a, 84",
    "REPLACEMENT_CREATED, pod/llm/worker-c, 77",
    "REPLACEMENT_CREATED, pod/llm/worker-c, 81",
    "REPLACEMENT_SCHEDULED, pod/llm/worker-c, 83",
    "REPLACEMENT_STARTED, pod/llm/worker-c, 94",
    "REPLACEMENT_READY, pod/llm/worker-c, 80.65",
    "MODEL_LOADED, pod/llm/worker-c, 79",
    "REPLACEMENT_SCHEDULED, pod/llm/worker-c, -40",
  })
  void aMilestoneThatWasMovedBeforeItsCauseOrBehindItsEffectIsNamed(
      Milestone milestone, String object, double to) {
    var replaces = Map.of("replaces", "worker-a");
    var story =
        Story.healed()
            .without(milestone)
            .event(
                to,
                s ->
                    new Event.MilestoneReached(
                        s,
                        milestone,
                        ObjectRef.parse(object),
                        milestone == Milestone.REPLACEMENT_CREATED ? replaces : Map.of()));
    if (milestone == Milestone.POD_EVICTED) {
      story
          .without(Milestone.REPLACEMENT_CREATED)
          .event(
              80.6,
              s ->
                  new Event.MilestoneReached(
                      s,
                      Milestone.REPLACEMENT_CREATED,
                      ObjectRef.parse("pod/llm/worker-c"),
                      replaces));
    }
    assertThat(story.finding("order").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("order").why()).contains(milestone.name());
  }

  /** A rollout ends pods of the silent node long before their toleration is over. */
  @Test
  void aPodThatTheDrillsOwnRolloutEndsIsInItsOrder() {
    assertThat(ended(5, "Deployment/llm/worker").finding("order").status()).isEqualTo(Status.PASS);
    assertThat(
            ended(5, "Deployment/llm/worker")
                .without(Event.PodSeen.class)
                .finding("order")
                .status())
        .as("nobody told whose pod it is")
        .isEqualTo(Status.PASS);
    for (var story : List.of(ended(5, "Deployment/llm/api"), ended(20, "Deployment/llm/worker"))) {
      assertThat(story.finding("order").status()).isEqualTo(Status.INCONCLUSIVE);
      assertThat(story.finding("order").why())
          .startsWith("POD_EVICTED of pod/llm/worker-a was 15.0 s before its tolerationSeconds 30");
    }
  }

  /** A worker of n1 is told to go at 15 s, and a rollout of that workload begins then. */
  private static Story ended(double begun, String workload) {
    var victim = ObjectRef.Victim.parse(workload);
    return Story.healed()
        .without(Milestone.POD_EVICTED)
        .reached(15, Milestone.POD_EVICTED, "pod/llm/worker-a")
        .event(
            -20,
            s ->
                new Event.PodSeen(
                    s,
                    ObjectRef.Pod.parse("pod/llm/worker-a"),
                    ObjectRef.parse("Deployment/llm/worker"),
                    "1",
                    true))
        .event(
            begun - 0.2,
            s -> new Event.FaultArmed(s, "f2", "Rollout", victim, Story.at(300), Map.of()))
        .event(begun, s -> new Event.FaultInjected(s, "f2", "Rollout", victim));
  }

  @Test
  void endpointsAndTokensComeAfterTheirPod() {
    for (var milestone : List.of(Milestone.ENDPOINT_ADDED, Milestone.FIRST_GOOD_TOKEN)) {
      var story =
          Story.healed()
              .without(milestone)
              .event(
                  77,
                  s ->
                      new Event.MilestoneReached(
                          s, milestone, ObjectRef.parse("request/r-1"), Map.of("pod", "worker-c")));
      assertThat(story.finding("order").status()).isEqualTo(Status.INCONCLUSIVE);
    }
  }

  @Test
  void aFaultIsArmedInjectedSeenAndUndone() {
    var early = Map.of("lease", "stopped");
    assertThat(
            Story.healed()
                .without(Event.FaultVerified.class)
                .event(-9, s -> new Event.FaultVerified(s, "f1", early))
                .finding("order")
                .why())
        .startsWith("FaultVerified was 8.8 s before FaultArmed");
    assertThat(
            Story.healed()
                .without(Event.FaultReverted.class)
                .event(-9, s -> new Event.FaultReverted(s, "f1", early))
                .finding("order")
                .status())
        .isEqualTo(Status.INCONCLUSIVE);
    assertThat(
            Story.healed()
                .without(Milestone.POWER_OFF)
                .reached(-9, Milestone.POWER_OFF, "node/n1")
                .finding("order")
                .status())
        .isEqualTo(Status.INCONCLUSIVE);
  }

  /** History 21 as a timeline of an earlier version has it: its times are those of the wall. */
  @Test
  void aClockThatWasSetBackOneHourIsSeenInTheOrderOfTheFile() {
    var timeline = new java.util.ArrayList<>(Story.healed().history().timeline());
    timeline.add(timeline.size() - 2, new Event.PhaseStarted(stamp(-3400), "audit"));
    var h = Story.healed().history();
    var verdict = Verdict.of(new History(h.drill(), timeline, h.ledger(), h.traces()));
    assertThat(verdict.findings())
        .filteredOn(f -> f.check().equals("order"))
        .singleElement()
        .satisfies(f -> assertThat(f.status()).isEqualTo(Status.INCONCLUSIVE));
  }

  private static dev.muster.timeline.Stamp stamp(double seconds) {
    return dev.muster.timeline.Stamp.engine(Story.at(seconds));
  }

  @Test
  void aRequestIsOverAfterItWasSentAndWhileTheLoadLasts() {
    assertThat(Story.healed().request(5.05, -3, Outcome.COMPLETE).finding("order").why())
        .startsWith("request r5.05: its end was 3.0 s before its last token");
    assertThat(Story.healed().request(-25, 1, Outcome.COMPLETE).finding("order").why())
        .startsWith("request r-25.0 was before the load began");
    var late =
        Story.healed()
            .event(141, s -> new Event.LoadEnded(s, 1601, 3, 9, new Event.CanaryLag(900, 2, 8)))
            .request(150, 1, Outcome.COMPLETE);
    assertThat(late.finding("order").why())
        .startsWith("request r150.0 was after the load had ended");
  }
}
