package dev.muster.verdict.check.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.verdict.Records;
import dev.muster.verdict.Story;
import dev.muster.verdict.Verdict;
import dev.muster.verdict.finding.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentCheckTest {

  @Test
  void aServiceThatTellsWhatItToldBeforePasses() {
    var finding = Story.healed().comparing().finding("content");
    assertThat(finding.status()).isEqualTo(Status.PASS);
    assertThat(finding.why())
        .isEqualTo(
            "each of 1400 answers from the fault on is what the same prompt was answered with"
                + " before it; of 4 prompts each was answered at least 5 times before");
  }

  @Test
  void nobodyIsJudgedUnasked() {
    assertThat(Story.healed().saying(20, 30, _ -> "wrong").findings("content")).isEmpty();
  }

  @Test
  void anAnswerThatIsFluentAndWrongFailsWithItsPod() {
    var story =
        Story.healed()
            .comparing()
            .saying(82, 82.1, _ -> "wrong")
            .changed(82, 82.1, r -> Records.with(r, "pods", List.of("g", "worker-c")));
    var finding = story.finding("content");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.measured()).isEqualTo(2);
    assertThat(finding.why())
        .startsWith(
            "2 of 1400 answers from the fault on are not what the same prompt was answered with"
                + " before it");
    assertThat(finding.evidence())
        .containsExactly(
            "prompt p0: request r82.0 was answered with text wrong instead of dp0, by g, worker-c",
            "prompt p1: request r82.1 was answered with text wrong instead of dp1, by g, worker-c");
    assertThat(Verdict.of(story.history()).status()).isEqualTo(Status.FAIL);
  }

  @Test
  void theAnswerToAnotherPromptIsWrongToo() {
    assertThat(Story.healed().comparing().saying(50, 50, _ -> "dp3").finding("content").status())
        .isEqualTo(Status.FAIL);
  }

  @Test
  void whatIsWrongAfterTheRecoveryFailsAsWell() {
    assertThat(
            Story.healed().comparing().saying(139, 140, _ -> "wrong").finding("content").status())
        .isEqualTo(Status.FAIL);
  }

  @Test
  void aServiceThatIsNotDeterministicIsNotJudged() {
    var once = Story.healed().comparing().saying(-10, -10, _ -> "odd");
    assertThat(once.finding("content").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(once.finding("content").why())
        .isEqualTo(
            "the service is not deterministic: before the fault it answered 1 of 4 prompts in"
                + " several ways, so that another answer after it tells nothing");
    assertThat(once.finding("content").evidence())
        .containsExactly("prompt p0: 50 answers, 2 different texts");
    var always = Story.healed().comparing().saying(-20, 140, Request::id);
    assertThat(always.finding("content").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(Verdict.of(always.history()).status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void promptsThatWereAskedTooSeldomBeforeProveNothing() {
    var story = Story.healed().comparing();
    for (int i = 0; i < 4; i++) {
      var prompt = "q" + i;
      double at = -20 + i * 0.1;
      story.changed(at, at, r -> Records.with(r, "prompt", prompt));
    }
    assertThat(story.finding("content").why())
        .isEqualTo(
            "4 of 8 prompts were answered fewer than 5 times before the fault: fewer prompts, or a"
                + " longer baseline");
    assertThat(story.finding("content").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  /** Just enough of them, and one fewer. */
  @Test
  void fiveAnswersBeforeAreEnough() {
    for (int answers : new int[] {4, 5}) {
      var story =
          Story.healed()
              .comparing()
              .withoutRequests(-20, -4 * answers / 10.0 - 0.05)
              .saying(60, 60, _ -> "wrong");
      assertThat(story.finding("content").status())
          .as("%d answers", answers)
          .isEqualTo(answers == 5 ? Status.FAIL : Status.INCONCLUSIVE);
    }
  }

  @Test
  void whatIsNotCompleteIsNotCompared() {
    var story = Story.healed().comparing().requests(10, 20, Outcome.TRUNCATED);
    assertThat(story.finding("content").status()).isEqualTo(Status.PASS);
    assertThat(story.finding("content").why()).startsWith("each of 1299 answers");
  }

  @Test
  void promptsThatNobodyAnsweredAnyMoreProveNothing() {
    var story =
        Story.healed()
            .comparing()
            .changed(
                -0.04,
                140,
                r ->
                    r.prompt() != null && r.prompt().equals("p1")
                        ? Records.with(
                            Records.with(r, "outcome", Outcome.TRUNCATED), "answerDigest", null)
                        : r);
    assertThat(story.finding("content").why())
        .isEqualTo("1 of 4 prompts were not answered from the fault on");
  }

  @Test
  void answersWhoseTextNobodyKnowsProveNothing() {
    for (var field : List.of("prompt", "answerDigest")) {
      var story = Story.healed().comparing().changed(60, 60, r -> Records.with(r, field, null));
      assertThat(story.finding("content").why())
          .as(field)
          .isEqualTo("nobody knows what the text of 1 answers was");
      assertThat(story.finding("content").status()).isEqualTo(Status.INCONCLUSIVE);
    }
  }

  @Test
  void aHoleInTheLoadCouldHaveHiddenSomething() {
    var story = Story.healed().comparing().withoutRequests(30, 40);
    assertThat(story.finding("content").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aRunOfAnEarlierVersionProvesNothing() {
    var story =
        Story.healed()
            .comparing()
            .changed(
                -30, 200, r -> Records.with(Records.with(r, "answerDigest", null), "prompt", null));
    assertThat(story.finding("content").status()).isEqualTo(Status.INCONCLUSIVE);
  }
}
