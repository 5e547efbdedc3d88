package dev.muster.verdict.check.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.verdict.Story;
import dev.muster.verdict.Verdict;
import dev.muster.verdict.finding.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoadPodsCheckTest {
  private static Story ended(Story story, int part, int millis) {
    return story.event(
        141.5,
        s ->
            new Event.LoadPodEnded(
                s, part, "load-" + part, "n3", 500, Duration.ZERO, Duration.ofMillis(millis)));
  }

  private static Story whole(int worst) {
    return ended(ended(ended(Story.healed().fromPods(3), 0, 2), 1, worst), 2, 3);
  }

  @Test
  void aLoadWhoseRowsAllCameHomeIsWhole() {
    var finding = whole(9).finding("loadPods");
    assertThat(finding.status()).isEqualTo(Status.PASS);
    assertThat(finding.why())
        .isEqualTo("all rows of 3 pods came home, at times that are known to 9 ms");
    assertThat(Verdict.of(whole(9).history()).status()).isEqualTo(Status.PASS);
  }

  @Test
  void aPodThatWasLostIsNamedAndIsNoPass() {
    var story =
        ended(ended(Story.healed().fromPods(3), 0, 2), 2, 2)
            .event(30, s -> new Event.LoadPodLost(s, 1, "load-1", "n2", 40, "it was deleted"));
    var finding = story.finding("loadPods");
    assertThat(finding.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(finding.why())
        .isEqualTo(
            "the load's pod load-1 on node n2, of which 40 rows came home, was lost: it was deleted");
    assertThat(Verdict.of(story.history()).status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aPodOfWhichNobodyHeardTheEndIsNoPass() {
    var story = ended(ended(Story.healed().fromPods(3), 0, 2), 2, 2);
    assertThat(story.finding("loadPods").why())
        .isEqualTo("only 2 of the load's 3 pods say that their rows are whole");
    assertThat(Verdict.of(story.history()).status()).isEqualTo(Status.INCONCLUSIVE);
    var twice = ended(story, 2, 2);
    assertThat(twice.finding("loadPods").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void timesThatAreNotKnownJudgeNothing() {
    assertThat(whole(100).finding("loadPods").status()).isEqualTo(Status.PASS);
    var story = whole(101);
    assertThat(story.finding("loadPods").why())
        .isEqualTo(
            "the clock of the load's pod load-1 is known to 101 ms only: whether its requests were"
                + " before a fault or after it is not known");
    assertThat(Verdict.of(story.history()).status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aLoadOfMustersOwnHasNoPods() {
    assertThat(Story.healed().findings("loadPods")).isEmpty();
  }
}
