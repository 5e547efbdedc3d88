package dev.muster.verdict.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Change;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.Story;
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
