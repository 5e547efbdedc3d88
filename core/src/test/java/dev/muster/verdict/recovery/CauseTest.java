package dev.muster.verdict.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Change;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.Story;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Harm and what it may come of: an overlap in time is no cause. */
class CauseTest {
  private static final String UNKNOWN =
      "its cause is not known: nothing that the fault set in motion began with it";

  @Test
  void anOutageThatBeginsWithNothingOfTheFaultsCourseIsNotBlamedOnTheGracePeriod() {
    var story =
        Story.healed().expecting("interruption: {max: 10s}").requests(20, 45, Outcome.HTTP_ERROR);
    assertThat(story.finding("interruption").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("interruption").why()).endsWith(UNKNOWN);
  }

  @Test
  void oneThatBeginsWithTheFaultIs() {
    var story =
        Story.healed().expecting("interruption: {max: 10s}").requests(1, 45, Outcome.HTTP_ERROR);
    assertThat(story.finding("interruption").why())
        .contains("detection, node-monitor-grace-period");
  }

  /** One request in 30 s: that nobody was answered since the fault is all that can be known. */
  @Test
  void whereNobodyWasAnsweredSinceTheFaultItMayHaveBegunThen() {
    var story =
        Story.healed()
            .expecting("interruption: {max: 10s}")
            .withoutRequests(0, 49)
            .requests(20, 45, Outcome.HTTP_ERROR);
    assertThat(story.finding("interruption").why())
        .contains("detection, node-monitor-grace-period");
  }

  @Test
  void aVictimThatCarriedNothingOfTheServiceIsNoCause() {
    var story =
        Story.healed()
            .expecting("interruption: {max: 10s}")
            .without(e -> e instanceof Event.MilestoneReached m && Recovery.pod(m) != null)
            .setting("targetPod", "n2", "Pod/llm/worker-a")
            .requests(1, 45, Outcome.HTTP_ERROR);
    assertThat(story.finding("interruption").why()).endsWith(UNKNOWN);
  }

  /** No milestone is told of its pods: nobody is on a node or pod that was taken. */
  @Test
  void harmThatBeginsWithARolloutOrWithOneOfItsPodsHasACause() {
    assertThat(blamed(rolledOut("worker"), 1)).isEqualTo("nobody was answered");
    assertThat(blamed(rolledOut("worker"), 41)).isEqualTo("nobody was answered");
    assertThat(blamed(rolledOut("worker"), 20)).endsWith(UNKNOWN);
    assertThat(blamed(rolledOut("api"), 41)).as("of another workload").endsWith(UNKNOWN);
  }

  private static String blamed(Story story, double harm) {
    return Phases.blamed(
            Sentence.of("nobody was answered"),
            Recovery.of(story.history()).orElseThrow(),
            Story.at(harm),
            Story.at(harm + 3))
        .english();
  }

  /** The workers, while a pod of that workload ceases to serve at 40 s. */
  private static Story rolledOut(String podsOf) {
    var worker = ObjectRef.Victim.parse("Deployment/llm/worker#9");
    return Story.healed()
        .doing("{kind: Rollout, duration: 60s, ttl: 6m}")
        .without(Event.FaultArmed.class)
        .without(Event.FaultInjected.class)
        .without(Event.MilestoneReached.class)
        .event(-0.2, s -> new Event.FaultArmed(s, "f1", "Rollout", worker, Story.at(360), Map.of()))
        .event(0, s -> new Event.FaultInjected(s, "f1", "Rollout", worker))
        .event(
            40,
            s ->
                new Event.PodSeen(
                    s,
                    ObjectRef.Pod.parse("pod/llm/" + podsOf + "-a"),
                    ObjectRef.parse("Deployment/llm/" + podsOf),
                    "1",
                    false));
  }

  /** It is seen NotReady at 52 s; its lease was renewed at 10 s for the last time. */
  @Test
  void whatAnotherNodeThatDiedMayHaveDoneIsInconclusive() {
    var story =
        died(Story.healed().expecting("interruption: {max: 3s}\nlostRequests: {max: 5}"))
            .requests(0, 0.1, Outcome.TRUNCATED)
            .requests(12, 17, Outcome.TRUNCATED);
    for (var check : new String[] {"interruption", "lostRequests"}) {
      assertThat(story.finding(check).status()).as(check).isEqualTo(Status.INCONCLUSIVE);
      assertThat(story.finding(check).why())
          .contains(
              "but that may come of something else: node/n3 not ready, seen 52.0 s after the"
                  + " fault and not the drill's doing");
    }
    assertThat(story.finding("lostRequests").measured()).isEqualTo(53);
  }

  @Test
  void whatBrokeTheBoundBeforeStaysBroken() {
    var story =
        died(Story.healed().expecting("interruption: {max: 3s}\nlostRequests: {max: 5}"))
            .requests(0, 5, Outcome.TRUNCATED)
            .requests(12, 17, Outcome.TRUNCATED);
    assertThat(story.finding("interruption").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("lostRequests").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("lostRequests").evidence().getFirst()).startsWith("node/n3");
  }

  @Test
  void anOutageThatLastedAlreadyIsTheFaultsAndNoPhaseIsBlamed() {
    var story =
        died(Story.healed().expecting("interruption: {max: 10s}"))
            .requests(1, 45, Outcome.HTTP_ERROR);
    assertThat(story.finding("interruption").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("interruption").why())
        .contains("; no phase is blamed: node/n3 not ready")
        .doesNotContain("grace-period");
  }

  @Test
  void whoHelpsAndWhoChangesSomethingBeforeTheFaultIsNoCause() {
    var story =
        Story.healed()
            .expecting("interruption: {max: 10s}")
            .event(3, s -> change(s, "Deployment/llm/worker", Change.SCALED_UP))
            .event(-5, s -> change(s, "Deployment/llm/worker", Change.ROLLED_OUT))
            .requests(10, 45, Outcome.HTTP_ERROR);
    assertThat(story.finding("interruption").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("run").evidence()).hasSize(2);
  }

  private static Story died(Story story) {
    return story.event(
        52,
        s ->
            change(
                Stamp.seen(s.at(), "api-server", Duration.ofSeconds(42)),
                "node/n3",
                Change.NOT_READY));
  }

  private static Event change(Stamp stamp, String object, Change change) {
    return new Event.OutsideChange(stamp, ObjectRef.parse(object), change, Map.of());
  }
}
