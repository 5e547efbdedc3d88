package dev.muster.verdict.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.Story;
import dev.muster.verdict.finding.Status;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is seen when a watch comes back may have happened while it was away. */
class GapsTest {

  @Test
  void aNotReadyThatIsSeenLateBecauseTheWatchWasAwayIsInconclusive() {
    var finding = late().event(45, s -> lost(s, "Node")).event(70, s -> back(s, "Node"));
    assertThat(finding.finding("detected").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(finding.finding("detected").why())
        .isEqualTo(
            "node n1 was NotReady 70.5 s after the fault; but it was not watched before, and may"
                + " have been as early as 45.0 s");
  }

  @Test
  void oneThatWasLostAfterTheBoundExcusesNothing() {
    var story = late().event(61, s -> lost(s, "Node")).event(70, s -> back(s, "Node"));
    assertThat(story.finding("detected").status()).isEqualTo(Status.FAIL);
  }

  @Test
  void anotherWatchOrOneThatWasBackLongBeforeExcusesNothing() {
    assertThat(
            late()
                .event(45, s -> lost(s, "Pod"))
                .event(70, s -> back(s, "Pod"))
                .finding("detected")
                .status())
        .isEqualTo(Status.FAIL);
    assertThat(
            late()
                .event(45, s -> lost(s, "Node"))
                .event(50, s -> back(s, "Node"))
                .finding("detected")
                .status())
        .isEqualTo(Status.FAIL);
  }

  /** As watches write it that know how long they were away. */
  @Test
  void aMilestoneThatTellsItsUncertaintyIsBelieved() {
    var stamp = Stamp.seen(Story.at(70), "api-server", Duration.ofSeconds(20));
    var story =
        Story.healed()
            .without(Milestone.NODE_NOT_READY)
            .event(
                70,
                _ ->
                    new Event.MilestoneReached(
                        stamp, Milestone.NODE_NOT_READY, new ObjectRef.Node("n1", null), Map.of()));
    assertThat(story.finding("detected").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.expecting("detected: {within: 49s}").finding("detected").status())
        .isEqualTo(Status.FAIL);
  }

  /** As Muster wrote it before it told that a watch was back. */
  @Test
  void aLossWithoutAnEndLastsUntilTheWatchTellsSomethingOrTheRunEnds() {
    var story = late().event(45, s -> lost(s, "Node"));
    assertThat(story.finding("detected").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(Gaps.of(story.history()).between(Story.at(0), Story.at(200)))
        .singleElement()
        .satisfies(gap -> assertThat(gap.to()).isEqualTo(Story.at(70.5)));

    story = Story.healed().event(130, s -> lost(s, "Node"));
    assertThat(Gaps.of(story.history()).between(Story.at(0), Story.at(200)))
        .singleElement()
        .satisfies(gap -> assertThat(gap.to()).isEqualTo(Story.at(161)));
  }

  @Test
  void whatWasSeenInTimePassesThoughTheWatchWasAway() {
    var story = Story.healed().event(20, s -> lost(s, "Node")).event(49.9, s -> back(s, "Node"));
    assertThat(story.finding("detected").status()).isEqualTo(Status.PASS);
  }

  private static Story late() {
    return Story.healed()
        .without(Milestone.NODE_NOT_READY)
        .event(
            70.5,
            s ->
                new Event.MilestoneReached(
                    Stamp.seen(s.at(), "api-server", Duration.ofMillis(500)),
                    Milestone.NODE_NOT_READY,
                    new ObjectRef.Node("n1", null),
                    Map.of()));
  }

  private static Event lost(Stamp stamp, String kind) {
    return new Event.ObservationLost(stamp, "watch of " + kind, "connection reset");
  }

  private static Event back(Stamp stamp, String kind) {
    return new Event.ObservationResumed(stamp, "watch of " + kind);
  }
}
