package dev.muster.verdict.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.Story;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PhasesTest {

  @Test
  void theRecoveryIsSplitAtItsMilestonesWithoutGap() {
    var phases = Phases.of(Story.healed().history());

    assertThat(phases)
        .extracting(Phase::name)
        .containsExactly(
            "detection",
            "taint",
            "toleration",
            "replacement",
            "scheduling",
            "start",
            "model load",
            "readiness",
            "endpoint",
            "first good token");
    assertThat(phases)
        .extracting(phase -> Math.round(10 * seconds(phase)) / 10.0)
        .containsExactly(50.0, 0.5, 30.0, 0.1, 0.1, 1.8, 10.0, 1.0, 0.2, 0.8);
    assertThat(phases.getFirst().from()).isEqualTo(Story.FAULT);
    for (int i = 1; i < phases.size(); i++) {
      assertThat(phases.get(i).from()).isEqualTo(phases.get(i - 1).to());
    }
  }

  /** The node controller taints the second node of a lost zone 10 s later. */
  @Test
  void ofSeveralNodesThatOfTheSlowestPodIsDetectedAndTainted() {
    var phases =
        Phases.of(
            Story.healed()
                .event(
                    -0.01,
                    s ->
                        new Event.FaultInjected(
                            s, "f0", "NodeShutdown", ObjectRef.Node.parse("n2")))
                .reached(49, Milestone.NODE_NOT_READY, "node/n2")
                .reached(60.5, Milestone.TAINT_NO_EXECUTE, "node/n2")
                .event(-0.3, s -> hosts(s, "n1", "worker-a"))
                .event(-0.3, s -> hosts(s, "n2"))
                .history());
    assertThat(phases)
        .extracting(phase -> Math.round(10 * seconds(phase)) / 10.0)
        .startsWith(50.0, 0.5, 30.0);
  }

  private static Event hosts(Stamp stamp, String node, String... pods) {
    return new Event.VictimHosts(
        stamp,
        ObjectRef.Node.parse(node),
        List.of(pods).stream().map(p -> ObjectRef.Pod.parse("pod/llm/" + p)).toList());
  }

  @Test
  void aPhaseNamesTheSettingOfTheObjectThatItBelongsTo() {
    var phase =
        phase(
            Story.healed()
                .setting("tolerationSeconds", "300", "Pod/llm/other")
                .setting("tolerationSeconds", "30", "Pod/llm/worker-a")
                .setting("tolerationSeconds", "77", "Pod/llm/work"),
            "toleration");
    assertThat(phase.setting()).isEqualTo("tolerationSeconds 30 (Pod worker-a)");
    assertThat(phase.blame()).isEqualTo(phase.setting());
  }

  /** Its milestones are 0.1 s apart, as of a node without power. */
  @Test
  void aReplacementMadeAtOnceIsNoMatterOfAGracePeriod() {
    var story = Story.healed().setting("terminationGracePeriodSeconds", "30", "Pod/llm/worker-a");
    var phase = phase(story, "replacement");
    assertThat(phase.blame()).isEqualTo("the pod's controller");
    assertThat(phase.setting()).isNull();
    story
        .without(Milestone.REPLACEMENT_CREATED)
        .reached(83, Milestone.REPLACEMENT_CREATED, "pod/llm/worker-c");
    assertThat(phase(story, "replacement").blame())
        .isEqualTo("terminationGracePeriodSeconds 30 (Pod worker-a)");
  }

  /** Whoever deletes a pod says how long it may take. */
  @Test
  void aKilledPodHasTheGracePeriodOfItsFault() {
    for (var grace :
        Map.of("0s", "the pod's controller", "5s", "the fault's gracePeriod of 5 s").entrySet()) {
      var story =
          Story.killed()
              .doing("{kind: PodKill, mode: one, gracePeriod: " + grace.getKey() + "}")
              .without(Event.FaultInjected.class)
              .event(
                  0,
                  s ->
                      new Event.FaultInjected(
                          s, "f1", "PodKill", ObjectRef.Victim.parse("pod/llm/worker-a")))
              .setting("terminationGracePeriodSeconds", "30", "Pod/llm/worker-a")
              .reached(1, Milestone.POD_EVICTED, "pod/llm/worker-a")
              .reached(4, Milestone.REPLACEMENT_CREATED, "pod/llm/worker-c");
      assertThat(phase(story, "replacement").blame()).isEqualTo(grace.getValue());
    }
  }

  @Test
  void aPhaseWithoutAnObservedSettingNamesWhatOwnsIt() {
    var story = Story.healed().without(Event.SettingObserved.class);
    assertThat(phase(story, "detection").blame())
        .isEqualTo("node-monitor-grace-period (value not observed)");
    assertThat(phase(story, "detection").setting()).isNull();
    assertThat(phase(story, "scheduling").blame()).isEqualTo("scheduler and free capacity");
  }

  @Test
  void anUnseenMilestoneGivesItsTimeToTheNextSeenOne() {
    var phases =
        Phases.of(
            Story.healed().without(Milestone.TAINT_NO_EXECUTE, Milestone.MODEL_LOADED).history());
    assertThat(phases).extracting(Phase::name).doesNotContain("taint", "model load");
    assertThat(seconds(named(phases, "toleration"))).isCloseTo(30.5, within(1e-6));
    assertThat(seconds(named(phases, "readiness"))).isCloseTo(11.0, within(1e-6));
  }

  @Test
  void ofSeveralPodsTheSlowestTellsTheStory() {
    var story =
        Story.healed()
            .reached(50.2, Milestone.POD_NOT_READY, "pod/llm/worker-z")
            .replaced("worker-z", "worker-y", 100);
    assertThat(seconds(phase(story, "toleration"))).isCloseTo(49.5, within(1e-6));
  }

  @Test
  void aPodThatWasReadyBeforeItsModelCostsNoNegativeTime() {
    var phases =
        Phases.of(
            Story.healed()
                .without(Milestone.REPLACEMENT_READY)
                .reached(83, Milestone.REPLACEMENT_READY, "pod/llm/worker-c")
                .history());
    assertThat(seconds(named(phases, "readiness"))).isZero();
    assertThat(phases).allSatisfy(p -> assertThat(seconds(p)).isNotNegative());
  }

  @Test
  void aFirstTokenThatNobodySawLeavesNoOpenPhase() {
    var phases = Phases.of(Story.healed().without(Milestone.FIRST_GOOD_TOKEN).history());
    assertThat(phases.getLast().name()).isEqualTo("endpoint");
    assertThat(phases.getLast().to()).isNotNull();
  }

  @Test
  void withoutAFaultThereAreNoPhases() {
    assertThat(Phases.of(Story.healed().without(Event.FaultInjected.class).history())).isEmpty();
  }

  @Test
  void aContainerThatIsStartedAgainInItsPodHasTwoPhases() {
    var phases = Phases.of(Story.killed().history());
    assertThat(phases).extracting(Phase::name).containsExactly("restart", "ready again");
    assertThat(phases).extracting(PhasesTest::seconds).containsExactly(3.0, 12.0);
    assertThat(phases.getFirst().blame()).startsWith("kubelet: restart back-off");
  }

  @Test
  void ofSeveralRestartedPodsOneTellsTheStoryAndNotPartsOfEach() {
    var story =
        Story.killed()
            .reached(0.4, Milestone.CONTAINER_ENDED, "pod/llm/worker-b")
            .reached(1, Milestone.CONTAINER_RESTARTED, "pod/llm/worker-b")
            .reached(5, Milestone.POD_READY_AGAIN, "pod/llm/worker-b");
    assertThat(Phases.of(story.history()))
        .extracting(PhasesTest::seconds)
        .containsExactly(3.0, 12.0);
  }

  @Test
  void aRestartThatWasNotSeenToEndHasNoPhaseBehindIt() {
    assertThat(Phases.of(Story.killed().without(Milestone.CONTAINER_RESTARTED).history()))
        .isEmpty();
    assertThat(Phases.of(Story.killed().without(Milestone.POD_READY_AGAIN).history()))
        .extracting(Phase::name)
        .containsExactly("restart");
    assertThat(Phases.of(Story.killed().without(Milestone.CONTAINER_ENDED).history())).isEmpty();
  }

  @Test
  void podsThatLeftAStressedNodeHaveThePhasesOfTheirReplacement() {
    var story = Story.killed().replaced("worker-a", "worker-c", 30);
    assertThat(Phases.of(story.history()))
        .extracting(Phase::name)
        .contains("eviction", "model load", "endpoint")
        .doesNotContain("restart", "toleration");
  }

  @Test
  void aPodThatCameBackByItselfNeedsNoReplacement() {
    var other = "pod/llm/worker-b";
    var story =
        Story.healed()
            .reached(130, Milestone.POD_NOT_READY, other)
            .reached(138, Milestone.POD_READY_AGAIN, other);
    assertThat(Phases.of(story.history())).isEqualTo(Phases.of(Story.healed().history()));
    assertThat(story.finding("replacedPods")).isEqualTo(Story.healed().finding("replacedPods"));
    assertThat(story.finding("recovered").measured()).isEqualTo(138);
  }

  @Test
  void podsThatReturnWithTheirNodeBeforeTheyAreEvictedHaveAPhaseOfThat() {
    var story =
        Story.healed()
            .without(
                Milestone.POD_EVICTED,
                Milestone.REPLACEMENT_CREATED,
                Milestone.REPLACEMENT_SCHEDULED,
                Milestone.REPLACEMENT_STARTED,
                Milestone.MODEL_LOADED,
                Milestone.REPLACEMENT_READY,
                Milestone.ENDPOINT_ADDED,
                Milestone.FIRST_GOOD_TOKEN)
            .reached(70, Milestone.POD_READY_AGAIN, "pod/llm/worker-a");
    var phases = Phases.of(story.history());
    assertThat(phases).extracting(Phase::name).containsExactly("detection", "taint", "return");
    assertThat(seconds(phases.getLast())).isCloseTo(19.5, within(1e-6));
  }

  @Test
  void withoutATaintNothingIsBlamedOnTolerations() {
    var story = Story.killed().replaced("worker-a", "worker-c", 30);
    assertThat(phase(story, "eviction").blame()).isEqualTo("the fault deletes the pod");
    assertThat(
            phase(story.reached(5, Milestone.MEMORY_PRESSURE, "node/node-1"), "eviction").blame())
        .contains("evictionHard");
  }

  private static Phase phase(Story story, String name) {
    return named(Phases.of(story.history()), name);
  }

  private static Phase named(List<Phase> phases, String name) {
    return phases.stream().filter(phase -> phase.name().equals(name)).findFirst().orElseThrow();
  }

  private static double seconds(Phase phase) {
    var seconds = phase.seconds();
    return seconds == null ? Double.NaN : seconds;
  }
}
