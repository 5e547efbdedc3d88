package dev.muster.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

  @Test
  void aRunInWhichAllWentWellPasses() {
    var verdict = Verdict.of(Story.healed().history());

    assertThat(verdict.findings())
        .allSatisfy(
            f -> assertThat(f.status()).as(f.check() + ": " + f.why()).isEqualTo(Status.PASS));
    assertThat(verdict.status()).isEqualTo(Status.PASS);
    assertThat(verdict.findings())
        .extracting(Finding::check)
        .contains("detected", "replacedPods", "interruption", "availability", "lostRequests")
        .contains("recovered", "residue", "run", "ledger", "load", "baseline", "streams")
        .contains("faultVerified", "faultReverted", "readiness", "redundancy");
  }

  @Test
  void oneFailureOutweighsEverything() {
    var story =
        Story.healed()
            .without(Event.RunEnded.class)
            .reached(50, Milestone.NODE_NOT_READY, "node/n1");
    assertThat(Verdict.of(story.expecting("detected: {within: 10s}").history()).status())
        .isEqualTo(Status.FAIL);
  }

  @Test
  void aCheckThatThrowsIsInconclusive() {
    Check crashing =
        new Check() {
          @Override
          public String name() {
            return "crashing";
          }

          @Override
          public List<Finding> judge(History history) {
            throw new IllegalStateException("no such thing");
          }
        };

    var verdict = Verdict.of(Story.healed().history(), List.of(crashing));

    assertThat(verdict.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(verdict.findings().getFirst().why()).contains("no such thing");
  }

  @Test
  void nothingJudgedIsNothingPassed() {
    assertThat(Verdict.of(Story.healed().history(), List.of()).status())
        .isEqualTo(Status.INCONCLUSIVE);
    assertThat(
            Verdict.of(
                    new History(Story.healed().history().drill(), List.of(), List.of(), List.of()))
                .status())
        .isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aFaultWithoutEffectIsInconclusiveWhateverWasNotSeen() {
    var story =
        Story.healed()
            .without(Event.FaultVerified.class)
            .without(Milestone.values())
            .event(1, s -> new Event.FaultNotVerified(s, "f1", "node n1 still answers"));

    var verdict = Verdict.of(story.history());

    assertThat(verdict.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("detected").why())
        .endsWith("the fault was not seen to have any effect (node n1 still answers)");
    assertThat(story.finding("faultVerified").why())
        .isEqualTo("the effect of NodeShutdown on n1 was not seen: node n1 still answers");
  }

  @Test
  void anAbortedRunAndOneThatDidNotEndAreInconclusive() {
    assertThat(
            Verdict.of(Story.healed().event(130, s -> new Event.RunAborted(s, "Ctrl-C")).history())
                .status())
        .isEqualTo(Status.INCONCLUSIVE);
    assertThat(Verdict.of(Story.healed().without(Event.RunEnded.class).history()).status())
        .isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void whatNobodyObservedIsInconclusive() {
    var story =
        Story.healed()
            .expecting(
                """
                logs: [{query: ERROR, max: 0}]
                consistency: {etcd: equal}
                """);
    assertThat(Verdict.of(story.history()).status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("logs").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("etcd").status()).isEqualTo(Status.INCONCLUSIVE);
  }
}
