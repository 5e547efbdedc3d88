package dev.muster.verdict.check.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Trace;
import dev.muster.timeline.Trace.Source;
import dev.muster.verdict.Story;
import dev.muster.verdict.coverage.Observations;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.Status;
import org.junit.jupiter.api.Test;

/** Usage records against the ledger. */
class AcknowledgedWritesTest {

  private static Story kept() {
    return Story.healed()
        .expecting("consistency: {acknowledgedWrites: kept}")
        .requests(-20, 0.9, Outcome.COMPLETE)
        .requests(1, 2, Outcome.TRUNCATED)
        .requests(2.1, 139.9, Outcome.COMPLETE)
        .traced("worker-b");
  }

  /** A hundred requests were sent and recorded, and are not in the ledger. */
  private static Story torn() {
    return kept()
        .withoutRequests(20, 29.9)
        .event(141, s -> new Event.LoadEnded(s, 1600, 3, 9, new Event.CanaryLag(900, 2, 8)));
  }

  private static Finding finding(Story story) {
    return story.finding("acknowledgedWrites");
  }

  @Test
  void everyFullAnswerWithOneRecordPasses() {
    assertThat(finding(kept().read(Source.USAGE)).status()).isEqualTo(Status.PASS);
  }

  @Test
  void aRecordDeletedBehindTheGatewaysBackFailsAndIsNamed() {
    var story = kept().withoutTraces(t -> t.id().equals("r7.5")).read(Source.USAGE);
    assertThat(finding(story).status()).isEqualTo(Status.FAIL);
    assertThat(finding(story).measured()).isEqualTo(1);
    assertThat(finding(story).evidence())
        .singleElement()
        .asString()
        .startsWith("lost: request r7.5, complete for its client at 2026");
  }

  @Test
  void aTornLedgerProvesALossAndNoMore() {
    assertThat(finding(torn().read(Source.USAGE)).status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(finding(torn().read(Source.USAGE)).why())
        .startsWith("only 1500 of 1600 requests are in the ledger");
    var lost = torn().withoutTraces(t -> t.id().equals("r7.5")).read(Source.USAGE);
    assertThat(finding(lost).status()).isEqualTo(Status.FAIL);
  }

  @Test
  void aRequestThatIsRecordedAtTwoKeysFails() {
    var copy =
        new Trace("r3.0", Source.USAGE, "/usage/copy", null, "api", "g1", "", "w", "stop", "", 1);
    var story = kept().trace(copy).read(Source.USAGE);
    assertThat(finding(story).status()).isEqualTo(Status.FAIL);
    assertThat(finding(story).evidence())
        .containsExactly("doubled: request r3.0 is recorded at /usage/r3.0 and /usage/copy");
  }

  @Test
  void aCutAnswerThatTheServerFinishedAndStrangersAreToldAndHurtNobody() {
    var story = kept().record("r1.5", "g1", "worker-b").record("x-1", "g1", "w").read(Source.USAGE);
    assertThat(finding(story).status()).isEqualTo(Status.PASS);
    assertThat(finding(story).why())
        .endsWith(
            "; 1 finished by the server were cut for the client; 1 records are of requests that no"
                + " client of this run sent");
    assertThat(finding(story).evidence())
        .containsExactly("stranger: request x-1, which no client of this run sent");
  }

  @Test
  void recordsThatWereNotReadAreNotTakenForKept() {
    assertThat(finding(kept()).status()).isEqualTo(Status.INCONCLUSIVE);
    var story =
        kept().event(150, s -> new Event.NotObserved(s, Observations.USAGE, "etcd has no quorum"));
    assertThat(finding(story).why()).isEqualTo("etcd has no quorum");
  }

  @Test
  void aFileOfTracesThatIsNotWholeIsNoEvidence() {
    var story = kept().read(Source.USAGE).withoutTraces(t -> t.id().equals("r7.5"));
    assertThat(finding(story).status()).isEqualTo(Status.INCONCLUSIVE);
  }
}
