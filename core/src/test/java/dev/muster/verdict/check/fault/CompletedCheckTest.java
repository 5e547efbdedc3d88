package dev.muster.verdict.check.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.Story;
import dev.muster.verdict.Verdict;
import dev.muster.verdict.finding.Status;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompletedCheckTest {
  private static final String BUDGET =
      "no disruption is allowed by PodDisruptionBudget llm/worker (minAvailable 3; currentHealthy 3,"
          + " desiredHealthy 3, disruptionsAllowed 0)";

  @Test
  void aDrainThatOthersKeptFromItsEndFailsWithTheBudgetsName() {
    var story = unfinished();
    assertThat(story.finding("completed").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("completed").why())
        .isEqualTo("NodeDrain of n1 was not done in its time: pod/llm/worker-a: " + BUDGET);
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.PASS);
    assertThat(story.finding("faultVerified").why())
        .isEqualTo("NodeDrain of n1 was seen to begin, and was not done in its time");
    assertThat(Verdict.of(story.history()).status()).isEqualTo(Status.FAIL);
  }

  @Test
  void whereMusterSawNothingOfThePodsMeanwhileNobodyIsToBlame() {
    var paused =
        unfinished()
            .event(60, s -> new Event.EnginePaused(s, Story.at(40), Duration.ofSeconds(20)));
    assertThat(paused.finding("completed").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(paused.finding("completed").why())
        .isEqualTo(
            "NodeDrain of n1 was not done in its time, and in a part of it Muster saw nothing of the"
                + " pods");
    var blind =
        unfinished()
            .event(40, s -> new Event.ObservationLost(s, "api-server", "no answer"))
            .event(70, s -> new Event.ObservationResumed(s, "api-server"));
    assertThat(blind.finding("completed").status()).isEqualTo(Status.INCONCLUSIVE);
    var later =
        unfinished()
            .event(115, s -> new Event.ObservationLost(s, "api-server", "no answer"))
            .event(118, s -> new Event.ObservationResumed(s, "api-server"));
    assertThat(later.finding("completed").status()).isEqualTo(Status.FAIL);
  }

  /**
   * Its duration is 10 s, and it is undone 49.9 s after it was done, though not of its injection.
   */
  @Test
  void aDrainThatWasHeldForMuchLongerThanAskedIsAnotherDrill() {
    var story = drained(70).doing("{kind: NodeDrain, duration: 10s, ttl: 10m}");
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("faultVerified").why())
        .isEqualTo("NodeDrain of n1 lasted for 49.9 s, and the drill asks for 10 s");
    var again =
        drained(70)
            .doing("{kind: NodeDrain, duration: 10s, ttl: 10m}")
            .event(85, s -> new Event.FaultVerified(s, "f1", Map.of("node", "unschedulable")));
    assertThat(again.finding("faultVerified").status())
        .as("34.9 s after it was last seen to be done")
        .isEqualTo(Status.PASS);
  }

  /** The first one waits, drained, until the second one is. */
  @Test
  void ofSeveralDrainsTheFirstMayBeHeldForLonger() {
    var story =
        drained(70)
            .doing("{kind: NodeDrain, duration: 10s, ttl: 10m}")
            .event(
                1, s -> new Event.FaultInjected(s, "f2", "NodeDrain", ObjectRef.Victim.parse("n2")))
            .event(109, s -> new Event.FaultVerified(s, "f2", Map.of("node", "unschedulable")))
            .event(118, s -> new Event.EffectSeen(s, "f2", Map.of("node", "unschedulable")))
            .event(119.9, s -> new Event.FaultReverting(s, "f2", "duration is over"));
    assertThat(story.findings("faultVerified")).allMatch(f -> f.status() == Status.PASS);
  }

  /** Where nobody saw what kept it, it is no failure of anybody. */
  @Test
  void aDrainOfWhichNobodySawTheEndProvesNothing() {
    var story =
        begun().event(110, s -> new Event.FaultNotVerified(s, "f1", "could not be looked for"));
    assertThat(story.findings("completed")).isEmpty();
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(Verdict.of(story.history()).status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aDrainThatCameToItsEndTellsHowLongItTook() {
    var story = drained(70);
    assertThat(story.finding("completed").status()).isEqualTo(Status.PASS);
    assertThat(story.finding("completed").measured()).isEqualTo(70.0);
    assertThat(story.finding("completed").why()).isEqualTo("NodeDrain of n1 was done in 70.0 s");
    assertThat(Verdict.of(story.history()).status()).isEqualTo(Status.PASS);
  }

  /** Of a fault that is done at once, 70 s without a look would be too long. */
  @Test
  void aDrainLastsFromWhenItWasDone() {
    assertThat(drained(70).finding("faultVerified").why())
        .isEqualTo("the effect of NodeDrain on n1 was seen until 1.9 s before its undo");
    assertThat(drained(70).finding("faultVerified").status()).isEqualTo(Status.PASS);
  }

  /** Its target's pods on the node are lost by their eviction, of which budgets decide. */
  @Test
  void whoIsEvictedIsReplacedAndTheDrainIsNamed() {
    assertThat(drained(85).finding("replacedPods").status()).isEqualTo(Status.PASS);
    var late = drained(85).expecting("replacedPods: {within: 10s}").finding("replacedPods");
    assertThat(late.status()).isEqualTo(Status.FAIL);
    assertThat(late.why()).contains("the drain, as the pods' disruption budgets allow");
  }

  @Test
  void nobodyElseIsAsked() {
    assertThat(Story.healed().findings("completed")).isEmpty();
  }

  private static Story unfinished() {
    return begun()
        .event(110, s -> new Event.FaultUnfinished(s, "f1", Map.of("pod/llm/worker-a", BUDGET)));
  }

  private static Story drained(double at) {
    return begun()
        .event(at, s -> new Event.FaultVerified(s, "f1", Map.of("node", "unschedulable")))
        .event(100, s -> new Event.EffectSeen(s, "f1", Map.of("node", "unschedulable")))
        .event(118, s -> new Event.EffectSeen(s, "f1", Map.of("node", "unschedulable")));
  }

  /** Worker-a is evicted at 80.5 s and replaced; the undo begins at 119.9 s. */
  private static Story begun() {
    return Story.healed()
        .doing("{kind: NodeDrain, duration: 40s, ttl: 10m}")
        .expecting("replacedPods: {within: 2m}\nresidue: none")
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
                    s, "f1", "NodeDrain", ObjectRef.Victim.parse("n1"), Story.FAULT, Map.of()))
        .event(0, s -> new Event.FaultInjected(s, "f1", "NodeDrain", ObjectRef.Victim.parse("n1")));
  }
}
