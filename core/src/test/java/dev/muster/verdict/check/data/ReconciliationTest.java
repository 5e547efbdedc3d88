package dev.muster.verdict.check.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Trace.Source;
import dev.muster.verdict.Story;
import dev.muster.verdict.check.data.Reconciliation.Kind;
import dev.muster.verdict.coverage.Observations;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.Status;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ledger, usage records and log store, request by request. Worker w-a was on the lost node n1. */
class ReconciliationTest {

  /** Answered by w-a until the power cut of n1, then not at all, then by w-b. */
  private static Story run() {
    var story =
        Story.healed()
            .expecting("reconciled: {unexplained: 0}")
            .event(-25, s -> new Event.PodsPlaced(s, placed("w-a", "n1", "w-b", "n2", "g1", "n2")))
            .requests(-20, -0.1, Outcome.COMPLETE)
            .requests(0, 139.9, Outcome.NOT_SENT)
            .traced("w-a")
            .requests(0, 2, Outcome.TRUNCATED);
    return story;
  }

  private static Map<ObjectRef.Pod, ObjectRef.Node> placed(String... podsAndNodes) {
    var placed = new HashMap<ObjectRef.Pod, ObjectRef.Node>();
    for (int i = 0; i < podsAndNodes.length; i += 2) {
      placed.put(
          new ObjectRef.Pod("llm", podsAndNodes[i], null),
          new ObjectRef.Node(podsAndNodes[i + 1], null));
    }
    return placed;
  }

  private static Story whole() {
    return run().requests(2.1, 139.9, Outcome.NOT_SENT).read(Source.USAGE, Source.LOG);
  }

  private static Finding finding(Story story) {
    return story.read(Source.USAGE, Source.LOG).finding("reconciled");
  }

  private static Reconciliation.Row row(Story story, String id) {
    return Reconciliation.of(story.history()).rows().stream()
        .filter(row -> row.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void accountsThatAgreeAndCutsByTheFaultPass() {
    var finding = finding(whole());
    assertThat(finding.status()).isEqualTo(Status.PASS);
    assertThat(finding.why())
        .isEqualTo("of 1600 requests 1579 agree, 21 are explained, 0 are unexplained");
    assertThat(finding.evidence())
        .singleElement()
        .asString()
        .startsWith("explained: 21 cut by the fault, together with whoever served it: r0.0, r0.1");
  }

  @Test
  void linesThatALostNodeHadNotShippedAreExplained() {
    var story =
        whole()
            .withoutTraces(
                t -> t.source() == Source.LOG && t.pod().equals("w-a") && t.id().startsWith("r-0"));
    assertThat(finding(story).status()).isEqualTo(Status.PASS);
    assertThat(row(story, "r-0.3").kind()).isEqualTo(Kind.EXPLAINED);
    assertThat(row(story, "r-0.3").why()).startsWith("not shipped");
  }

  @Test
  void aLineThatIsMissingBeforeLaterOnesOfTheSamePodIsNotExplainedByItsLoss() {
    var story =
        whole()
            .withoutTraces(
                t -> t.source() == Source.LOG && t.pod().equals("w-a") && t.id().equals("r-9.0"));
    assertThat(finding(story).status()).isEqualTo(Status.FAIL);
    assertThat(finding(story).evidence().getFirst())
        .isEqualTo("request r-9.0: complete for its client and recorded, and no log line (of w-a)");
  }

  @Test
  void aWorkerThatLogsNothingIsNamed() {
    var story = run().requests(3, 5, Outcome.COMPLETE).requests(5.1, 139.9, Outcome.NOT_SENT);
    for (int tenth = 30; tenth <= 50; tenth++) {
      var id = "r" + tenth / 10.0;
      story.record(id, "g1", "w-b").line(id, "api", "g1", Story.at(tenth / 10.0), "complete");
    }
    var finding = finding(story);
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.measured()).isEqualTo(21);
    assertThat(finding.why()).endsWith("; w-b served 21 requests and logged none");
  }

  @Test
  void aLogLineOfARequestThatNoClientSentIsNamed() {
    var story = whole().line("ghost-1", "api", "g1", Story.at(3), "complete");
    assertThat(finding(story).status()).isEqualTo(Status.FAIL);
    assertThat(finding(story).evidence().getFirst())
        .isEqualTo("request ghost-1: sent by no client of this run (log line of g1)");
  }

  @Test
  void aMissingUsageRecordIsUnexplained() {
    var story = whole().withoutTraces(t -> t.source() == Source.USAGE && t.id().equals("r-9.0"));
    assertThat(finding(story).status()).isEqualTo(Status.FAIL);
    assertThat(row(story, "r-9.0").why()).contains("no usage record");
  }

  @Test
  void anAnswerCutForTheClientAndFinishedByTheServerIsExplainedOnlyByAFault() {
    assertThat(row(whole().record("r1.0", "g1", "w-a"), "r1.0").why())
        .isEqualTo("cut for its client, finished by the server");
    var early = whole().requests(-9, -9, Outcome.TRUNCATED);
    assertThat(row(early, "r-9.0").kind()).isEqualTo(Kind.UNEXPLAINED);
    assertThat(row(early, "r-9.0").why()).endsWith("and accounts differ");
  }

  @Test
  void aRequestThatWasNeverSentAndIsKnownToTheServerIsUnexplained() {
    var story = whole().record("r100.0", "g1", "w-b");
    assertThat(row(story, "r100.0").kind()).isEqualTo(Kind.UNEXPLAINED);
  }

  @Test
  void aRefusalThatTheServiceNeverSawIsExplainedAndOneThatItLoggedAgrees() {
    var story =
        whole()
            .requests(-9, -8.8, Outcome.REJECTED)
            .withoutTraces(t -> Set.of("r-9.0", "r-8.9", "r-8.8").contains(t.id()));
    story.line("r-8.9", "api", "g1", Story.at(-8.9), "rejected");
    story.line("r-9.0", "ingress", "envoy-1", Story.at(-9), "");
    assertThat(row(story, "r-8.8").kind()).as("nobody tells of it").isEqualTo(Kind.UNEXPLAINED);
    assertThat(row(story, "r-8.8").why()).endsWith("and nobody else knows of it");
    assertThat(row(story, "r-9.0").why()).isEqualTo("refused before it reached the service");
    assertThat(row(story, "r-9.0").kind()).isEqualTo(Kind.EXPLAINED);
    assertThat(row(story, "r-8.9").kind()).isEqualTo(Kind.AGREE);
  }

  @Test
  void anotherOutcomeInTheLogIsUnexplained() {
    var story =
        whole()
            .withoutTraces(
                t -> t.id().equals("r-9.0") && t.source() == Source.LOG && t.pod().equals("g1"));
    story.line("r-9.0", "api", "g1", Story.at(-9), "lost");
    assertThat(row(story, "r-9.0").kind()).isEqualTo(Kind.UNEXPLAINED);
    assertThat(row(story, "r-9.0").detail()).hasToString("g1 says lost");
  }

  @Test
  void aTornLedgerMakesNobodyAStranger() {
    var story =
        whole()
            .withoutRequests(-15, -10)
            .event(141, s -> new Event.LoadEnded(s, 1600, 3, 9, new Event.CanaryLag(900, 2, 8)));
    assertThat(finding(story).status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(finding(story).why())
        .isEqualTo("only 1549 of 1600 requests are in the ledger: nothing can be compared with it");
  }

  @Test
  void withoutTheLogStoreNothingIsReconciled() {
    var story = run().read(Source.USAGE);
    assertThat(story.finding("reconciled").status()).isEqualTo(Status.INCONCLUSIVE);
    story.event(150, s -> new Event.NotObserved(s, Observations.LOGS, "503 from service"));
    assertThat(story.finding("reconciled").why()).isEqualTo("503 from service");
  }
}
