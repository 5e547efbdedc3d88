package dev.muster.verdict.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.Outcome;
import dev.muster.verdict.Story;
import dev.muster.verdict.Verdict;
import dev.muster.verdict.finding.Sample;
import dev.muster.verdict.finding.Status;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was not observed is no pass, and no failure where it could have been the cause. */
class CoverageTest {

  @Test
  void aLoadThatStopsTwoSecondsAfterTheFaultProvesNothing() {
    var story = Story.healed().withoutRequests(2, 200);
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
    var finding = story.finding("interruption");
    assertThat(finding.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(finding.why())
        .isEqualTo(
            "clients felt no interruption; but the last request was sent 1.9 s after the fault,"
                + " 138.1 s before the recovery ended");
    assertThat(finding.sample()).isEqualTo(Sample.of(20, Story.FAULT, Story.at(1.9)));
  }

  @Test
  void aHoleInTheLoadIsNotCoveredAndWhatWasBrokenBeforeItStaysBroken() {
    var story = Story.healed().withoutRequests(60, 90);
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("availability").why())
        .endsWith("but no request was sent from 59.9 s to 90.1 s after the fault");
    story.requests(1, 31, Outcome.TRUNCATED).expecting("interruption: {max: 10s}");
    assertThat(story.finding("interruption").status()).isEqualTo(Status.FAIL);
    assertThat(verdict(story)).isEqualTo(Status.FAIL);
  }

  @Test
  void randomArrivalsMayLieApartAndAHoleIsStillSeen() {
    var story = Story.healed().arriving("poisson: 10/s").every(1.4, -20, 150, Outcome.COMPLETE);
    assertThat(story.expecting("interruption: {max: 10s}").finding("interruption").status())
        .isEqualTo(Status.PASS);
    assertThat(story.withoutRequests(50, 53).finding("interruption").status())
        .isEqualTo(Status.INCONCLUSIVE);
  }

  /** The fault is at 20 s of the load: a rate that grew has its hole, one that falls has none. */
  @Test
  void aHoleIsOneByTheRateOfItsTime() {
    var rising = "constant: [{rate: 0.2/s, for: 1m}, {rate: 10/s, for: 1m}]";
    var story = Story.healed().arriving(rising).every(5, -20, 150, Outcome.COMPLETE);
    assertThat(story.expecting("interruption: {max: 10s}").finding("interruption").why())
        .contains("no request was sent from 40.0 s to 45.0 s after the fault");
    story = Story.healed().arriving("constant: {from: 0/s, to: 0.1/s, over: 2h}");
    assertThat(story.every(10, -20, 150, Outcome.COMPLETE).finding("interruption").why())
        .doesNotContain("no request was sent");
  }

  /**
   * The folder of a run does not have the trace: what was not seen is not covered, by intent or
   * not.
   */
  @Test
  void aHoleInATraceIsNotCovered() {
    var story = Story.healed().arriving("trace: {file: t.csv}");
    story.every(8, -20, 150, Outcome.COMPLETE);
    assertThat(story.expecting("interruption: {max: 10s}").finding("interruption").status())
        .isEqualTo(Status.PASS);
    assertThat(story.withoutRequests(50, 60).finding("interruption").status())
        .isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void threeRequestsAreNoAvailabilityOfThreeNines() {
    var story =
        Story.healed()
            .arriving("constant: 0.02/s")
            .every(50, -20, 160, Outcome.COMPLETE)
            .expecting("availability: {min: 99.9%}");
    var finding = story.finding("availability");
    assertThat(finding.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(finding.why())
        .endsWith("but 99.9 % can not be told from 3 requests: it needs at least 1000");
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aShareThatAsManyGoodRequestsAsAreNeededCouldMendIsNotBroken() {
    var story = Story.healed().expecting("availability: {min: 99.99%}");
    story.requests(20, 20, Outcome.TRUNCATED);
    assertThat(story.finding("availability").status()).isEqualTo(Status.INCONCLUSIVE);
    story.requests(30, 30, Outcome.TRUNCATED);
    assertThat(story.finding("availability").status()).isEqualTo(Status.FAIL);
  }

  @Test
  void aGeneratorThatStoodStillForThreeSecondsAtTheFaultJudgesNothing() {
    var story =
        Story.healed()
            .sentLate(0, 2.9, at -> 3 - at)
            .requests(1, 2, Outcome.TIMED_OUT)
            .sentLate(0, 2.9, at -> 3 - at)
            .expecting("interruption: {max: 500ms}");
    assertThat(story.finding("load").why())
        .isEqualTo(
            "the load generator itself was late in 3 of 141 seconds from the fault on, first at 0"
                + " s, and by up to 3000 ms");
    assertThat(story.finding("interruption").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void requestsThatAStarvedGeneratorFailedAreNotPinnedOnTheService() {
    var story =
        Story.healed()
            .requests(30, 69.9, Outcome.TIMED_OUT)
            .sentLate(30, 69.9, _ -> 5)
            .expecting("availability: {min: 99%}\nlostRequests: {max: 0}\ndetected: {within: 9s}");
    assertThat(story.finding("availability").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("lostRequests").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("detected").status()).as("is listed").isEqualTo(Status.FAIL);
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void oneLateRequestAmongManyIsNoLateSecondUnlessItFailed() {
    var story = Story.healed().sentLate(50.3, 50.3, _ -> 2);
    assertThat(story.finding("load").status()).isEqualTo(Status.PASS);
    story.requests(50.3, 50.3, Outcome.TIMED_OUT).sentLate(50.3, 50.3, _ -> 2);
    assertThat(story.finding("load").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aMusterThatStoodStillSaysForHowLong() {
    var story =
        Story.healed()
            .event(70, s -> new Event.EnginePaused(s, Story.at(10), Duration.ofSeconds(60)));
    assertThat(story.finding("load").why())
        .isEqualTo("Muster itself stood still for 60.0 s, 10.0 s after the fault");
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aGeneratorThatReadLateJudgesNothing() {
    var story =
        Story.healed()
            .event(
                13,
                s ->
                    new Event.GeneratorLate(
                        s, Story.at(10), Duration.ofSeconds(3), Duration.ofMillis(2900)));
    assertThat(story.finding("load").why())
        .contains("came up to 2900 ms late, 10.0 s after the fault");
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
    var before =
        Story.healed()
            .event(
                -20,
                s ->
                    new Event.GeneratorLate(
                        s, Story.at(-22), Duration.ofSeconds(2), Duration.ofSeconds(2)));
    assertThat(verdict(before)).as("before the fault").isEqualTo(Status.PASS);
  }

  /**
   * Neither lost nor answered, and nobody passes a service by requests of which nothing is known.
   */
  @Test
  void whatTheGeneratorMissedItselfIsNotBlamedOnTheService() {
    var story =
        Story.healed()
            .requests(10, 60, Outcome.GENERATOR_LATE)
            .expecting("lostRequests: {max: 0}\ninterruption: {max: 5s}");
    assertThat(story.finding("lostRequests").status()).isNotEqualTo(Status.FAIL);
    assertThat(story.finding("interruption").status()).isNotEqualTo(Status.FAIL);
    assertThat(story.finding("load").why()).contains("was late when 501 requests failed");
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void anUnverifiedFaultAndABrokenLedgerPinNoFailureOnAService() {
    var broken =
        Story.healed().requests(10, 60, Outcome.TRUNCATED).expecting("lostRequests: {max: 0}");
    assertThat(verdict(broken)).isEqualTo(Status.FAIL);
    broken.without(Event.FaultVerified.class);
    assertThat(verdict(broken)).isEqualTo(Status.INCONCLUSIVE);
    assertThat(broken.finding("lostRequests").status()).isEqualTo(Status.FAIL);

    var torn =
        Story.healed()
            .requests(10, 60, Outcome.TRUNCATED)
            .expecting("lostRequests: {max: 0}")
            .event(161, s -> new Event.LoadEnded(s, 1700, 3, 9, new Event.CanaryLag(900, 2, 8)));
    assertThat(verdict(torn)).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void whatMusterItselfLeftBehindFailsWhateverTheRunIsWorth() {
    var story =
        Story.healed()
            .without(Event.FaultVerified.class)
            .event(
                165,
                s -> new Event.ResidueAudited(s, java.util.List.of("chain"), java.util.List.of()));
    assertThat(verdict(story)).isEqualTo(Status.FAIL);
  }

  @Test
  void aRunThatEndedEarlyIsInconclusiveInWhatMoreTimeCouldHaveChanged() {
    var story =
        Story.healed()
            .requests(10, 40, Outcome.TRUNCATED)
            .event(130, s -> new Event.RunAborted(s, "Ctrl-C"));
    story.expecting("availability: {min: 95%}");
    assertThat(story.finding("availability").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
    story.expecting("availability: {min: 95%}\ninterruption: {max: 20s}");
    assertThat(story.finding("interruption").status()).isEqualTo(Status.FAIL);
    assertThat(verdict(story)).isEqualTo(Status.FAIL);
  }

  @Test
  void whatIsSeenLateBecauseTheWatchWasAwayMayHaveBeenInTime() {
    var story = unwatched(85, 93).expecting("replacedPods: {within: 90s}");
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("replacedPods").why())
        .endsWith(
            "but the view of watch of Pod was lost from 85.0 s to 93.0 s: it may have been as"
                + " early as that");
    assertThat(story.expecting("replacedPods: {within: 80s}").finding("replacedPods").status())
        .as("the bound was over before the gap")
        .isEqualTo(Status.FAIL);
    assertThat(story.expecting("replacedPods: {within: 2m}").finding("replacedPods").status())
        .isEqualTo(Status.PASS);
  }

  @Test
  void aGapThatEndedLongBeforeIsNoExcuse() {
    var story = unwatched(60, 70).expecting("replacedPods: {within: 90s}");
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.FAIL);
  }

  @Test
  void whatMusterSeesFirstAfterItsOwnPauseMayHaveBeenInTime() {
    var story =
        Story.healed()
            .withoutLoad()
            .expecting("replacedPods: {within: 90s}")
            .event(93, s -> new Event.EnginePaused(s, Story.at(70), Duration.ofSeconds(23)));
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  private static Story unwatched(double from, double to) {
    return Story.healed()
        .event(from, s -> new Event.ObservationLost(s, "watch of Pod", "cut"))
        .event(to, s -> new Event.ObservationResumed(s, "watch of Pod"));
  }

  @Test
  void thatNobodyNoticedAFaultThatSilencesNoNodeIsNoFailure() {
    var story =
        Story.killed()
            .reached(2, Milestone.POD_NOT_READY, "pod/llm/worker-a")
            .expecting("detected: {within: 1s}");
    assertThat(story.finding("detected").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("detected").why())
        .endsWith("ProcessKill makes no node silent that could be noticed");
  }

  @Test
  void timesThatContradictEachOtherCrashNothing() {
    var back = Story.healed();
    back.event(-3600, s -> new Event.FaultReverted(s, "f1", Map.of()))
        .without(Milestone.NODE_NOT_READY)
        .reached(-3550, Milestone.NODE_NOT_READY, "node/n1")
        .sentLate(10, 20, _ -> -3600)
        .expecting(
            "detected: {within: 9s}\nlatency: {ttft: {p99: 1s}}\nalerts: [{name: A, firesWithin: 9s}]");
    assertThat(Verdict.of(back.history()).findings())
        .noneMatch(f -> f.why().startsWith("the check itself failed"));
  }

  private static Status verdict(Story story) {
    return Verdict.of(story.history()).status();
  }
}
