package dev.muster.verdict.check.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Outcome;
import dev.muster.verdict.Story;
import dev.muster.verdict.Verdict;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import org.junit.jupiter.api.Test;

class ClientsCheckTest {

  @Test
  void aServiceThatDiesOneSecondAfterItsRecoveryFails() {
    var story =
        Story.healed()
            .requests(140, 141, Outcome.COMPLETE)
            .requests(141.1, 151, Outcome.HTTP_ERROR);
    assertThat(story.finding("clients").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("clients").why())
        .isEqualTo(
            "the service did not answer any more when the load ended: none of the last 100"
                + " requests got its full answer: 100 HTTP_ERROR");
    assertThat(Verdict.of(story.history()).status()).isEqualTo(Status.FAIL);
    story.event(152, s -> new Event.RunAborted(s, "Ctrl-C"));
    assertThat(story.finding("clients").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void everyRequestFailedAndNobodyAskedForAny() {
    var story = Story.healed().requests(0, 139.9, Outcome.REJECTED).expecting("residue: none");
    assertThat(Verdict.of(story.history()).status()).isEqualTo(Status.FAIL);
  }

  @Test
  void failuresThatNoExpectationBoundsAreNoPass() {
    var story = Story.healed().requests(10, 19.9, Outcome.REJECTED);
    assertThat(story.finding("clients").status()).isEqualTo(Status.PASS);
    assertThat(story.finding("clients").why())
        .isEqualTo(
            "1300 of 1400 requests got their full answer; 0 were lost, 100 refused, 0 could not"
                + " reach the service");
    assertThat(story.expecting("lostRequests: {max: 0}").finding("clients").status())
        .as("the refused are not bounded")
        .isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.expecting("refusedRequests: {max: 100}").finding("clients").status())
        .isEqualTo(Status.PASS);
    assertThat(story.expecting("residue: none").finding("clients").status())
        .isEqualTo(Status.INCONCLUSIVE);
    assertThat(Verdict.of(story.history()).status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void lostRefusedAndUnreachableAreThreeNumbersAndHaveTheirBounds() {
    var story =
        Story.healed()
            .requests(10, 10.9, Outcome.TRUNCATED)
            .requests(20, 21.9, Outcome.REJECTED)
            .requests(30, 32.9, Outcome.CONNECTION_FAILED)
            .expecting(
                "lostRequests: {max: 39}\nrefusedRequests: {max: 20}\nunreachableRequests: {max: 30}");
    assertThat(story.finding("lostRequests").measured()).isEqualTo(40);
    assertThat(story.finding("lostRequests").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("refusedRequests").measured()).isEqualTo(20);
    assertThat(story.finding("refusedRequests").status()).isEqualTo(Status.PASS);
    assertThat(story.finding("unreachableRequests").measured()).isEqualTo(30);
    assertThat(story.finding("unreachableRequests").status()).isEqualTo(Status.PASS);
    var answers = Answers.of(Recovery.of(story.history()).orElseThrow().requests());
    assertThat(answers).isEqualTo(new Answers(1400, 1340, 10, 20, 30, 0));
  }
}
