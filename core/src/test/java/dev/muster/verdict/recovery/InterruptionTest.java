package dev.muster.verdict.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Outcome;
import dev.muster.verdict.Story;
import dev.muster.verdict.Verdict;
import dev.muster.verdict.finding.Status;
import org.junit.jupiter.api.Test;

/** Requests are samples of a service: what lies between them is known within bounds only. */
class InterruptionTest {

  @Test
  void anOutageThatIsSampledThinlyIsOneUntilASuccessLiesBetween() {
    var story = thin().every(10, 1, 131, Outcome.CONNECTION_FAILED);
    var felt = Interruption.of(story.history()).orElseThrow();
    assertThat(felt.seconds()).isEqualTo(130);
    assertThat(felt.atMost()).isEqualTo(141);
    story.expecting("interruption: {max: 2m}");
    assertThat(story.finding("interruption").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("interruption").why())
        .startsWith("from 1.0 s to 131.0 s after the fault 14 of 14 requests got no full answer");
    assertThat(story.finding("interruption").evidence())
        .contains("by the answers before and after it lasted at least 130.0 s and at most 141.0 s");
  }

  @Test
  void aBoundBetweenTheShortestAndTheLongestIsInconclusive() {
    var story =
        thin()
            .every(10, 21, 41, Outcome.CONNECTION_FAILED)
            .expecting("interruption: {max: 30s}\navailability: {min: 50%}");
    assertThat(story.finding("interruption").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("interruption").measured()).isEqualTo(20);
    assertThat(story.finding("interruption").why())
        .endsWith("lasted at least 20.0 s and at most 40.0 s");
    assertThat(story.expecting("interruption: {max: 41s}").finding("interruption").status())
        .isEqualTo(Status.PASS);
    assertThat(story.expecting("interruption: {max: 19s}").finding("interruption").status())
        .isEqualTo(Status.FAIL);
  }

  @Test
  void whatIsShorterThanItsFiguresTellIsAMoment() {
    var atOnce =
        Story.healed().requests(0, 0, Outcome.TRUNCATED).expecting("interruption: {max: 5s}");
    assertThat(atOnce.finding("interruption").why())
        .isEqualTo("at the moment of the fault 1 of 10 requests got no full answer");
    var later =
        Story.healed().requests(7, 7, Outcome.TRUNCATED).expecting("interruption: {max: 5s}");
    assertThat(later.finding("interruption").why())
        .isEqualTo("7.0 s after the fault 1 of 10 requests got no full answer");
  }

  @Test
  void anOutageBetweenTwoAnswersWouldBeInNoRequest() {
    var story = thin().expecting("interruption: {max: 3s}");
    assertThat(story.finding("interruption").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("interruption").why())
        .isEqualTo(
            "answers came up to 10.0 s apart: an interruption of that length would have been in no"
                + " request");
  }

  @Test
  void ofASuccessInBetweenThereAreTwo() {
    var story =
        thin().every(10, 1, 131, Outcome.CONNECTION_FAILED).every(10, 61, 61, Outcome.COMPLETE);
    assertThat(Interruption.all(Recovery.of(story.history()).orElseThrow()))
        .extracting(Interruption::seconds)
        .containsExactly(50.0, 60.0);
  }

  @Test
  void oneThatNoAnswerEndedHasNoLongestTime() {
    var story = Story.healed().requests(130, 139.9, Outcome.CONNECTION_FAILED);
    var felt = Interruption.of(story.history()).orElseThrow();
    assertThat(felt.latest()).isNull();
    assertThat(story.finding("interruption").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("interruption").why())
        .endsWith("it lasted at least 9.9 s, and no answer came any more");
    assertThat(story.finding("recovered").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.expecting("recovered: {within: 2m}").finding("recovered").status())
        .isEqualTo(Status.FAIL);
  }

  @Test
  void answersWithoutATokenAreNone() {
    var story = Story.healed().empty(10, 60).expecting("interruption: {max: 10s}");
    assertThat(story.finding("interruption").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("interruption").measured()).isEqualTo(50);
    assertThat(Verdict.of(story.history()).status()).isEqualTo(Status.FAIL);
  }

  /** A request every 10 s, all answered. */
  private static Story thin() {
    return Story.healed().arriving("constant: 0.1/s").every(10, -19, 171, Outcome.COMPLETE);
  }
}
