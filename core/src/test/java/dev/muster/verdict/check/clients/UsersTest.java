package dev.muster.verdict.check.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.file.DrillFile;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.timeline.RetryId;
import dev.muster.timeline.Trace;
import dev.muster.verdict.Records;
import dev.muster.verdict.Story;
import dev.muster.verdict.check.data.ReconciledCheck;
import dev.muster.verdict.check.data.Reconciliation;
import dev.muster.verdict.check.record.LoadCheck;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Four users: served at once, after one retry, never, and one of whom only the generator tells. */
class UsersTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  private static Request row(String id, Outcome outcome) {
    return Records.with(
        Records.with(
            Records.with(Story.healed().history().ledger().getFirst(), "id", id),
            "outcome",
            outcome),
        "intended",
        AT);
  }

  private static Request retry(String id, int number, Outcome outcome) {
    return row(new RetryId(id, number).toString(), outcome);
  }

  /** Nobody has lost what a retry has brought. */
  @Test
  void whatARetryBringsIsNotLost() {
    var story = Story.healed().history();
    var first = story.ledger().getLast();
    var failed = Records.with(first, "outcome", Outcome.HTTP_ERROR);
    var answer = Records.with(first, "id", new RetryId(first.id(), 1).toString());
    var again = Records.with(answer, "outcome", Outcome.TRUNCATED);
    assertThat(judged(story, failed)).returns(1.0, Finding::measured);
    assertThat(judged(story, failed, answer))
        .returns(Status.PASS, Finding::status)
        .satisfies(f -> assertThat(f.sentence().english()).endsWith("; 1 were asked again"));
    assertThat(judged(story, failed, again)).returns(Status.FAIL, Finding::status);
  }

  /** Of a user of whose last attempt only the generator tells nobody knows what he has. */
  @Test
  void aRetryThatOnlyTheGeneratorTellsOfLeavesTheLoadOpen() {
    var story = Story.healed().history();
    var late =
        Records.with(
            Records.with(
                story.ledger().getLast(),
                "id",
                new RetryId(story.ledger().getLast().id(), 1).toString()),
            "outcome",
            Outcome.GENERATOR_LATE);
    assertThat(load(story, List.of())).returns(Status.PASS, Finding::status);
    assertThat(load(story, List.of(late))).returns(Status.INCONCLUSIVE, Finding::status);
  }

  private static Finding load(History story, List<Request> retries) {
    return new LoadCheck()
        .judge(
            new History(
                story.drill(),
                story.timeline(),
                story.ledger(),
                retries,
                story.traces(),
                story.integrity()))
        .getFirst();
  }

  private static Finding judged(History story, Request last, Request... retries) {
    var ledger = new ArrayList<>(story.ledger());
    ledger.set(ledger.size() - 1, last);
    var drill = history(2, List.of()).drill();
    var history =
        new History(
            drill, story.timeline(), ledger, List.of(retries), story.traces(), story.integrity());
    return new LostRequestsCheck()
        .judge(history).stream()
            .filter(f -> f.check().equals("lostRequests"))
            .findFirst()
            .orElseThrow();
  }

  private static History history(int retries, List<Trace> traces) {
    var drill =
        DrillFile.parseKept(
            """
            apiVersion: muster.dev/v1
            kind: Drill
            metadata: {name: d}
            target: {namespace: n, endpoint: "http://a"}
            load: {arrivals: {constant: 1/s}, retries: %d}
            faults: [{kind: PodKill}]
            expect: {reconciled: {unexplained: 0}, lostRequests: {max: 0}}
            """
                .formatted(retries),
            "d.yaml");
    return new History(
        drill,
        List.of(),
        List.of(
            row("r-1", Outcome.COMPLETE),
            row("r-2", Outcome.CONNECTION_FAILED),
            row("r-3", Outcome.CONNECTION_FAILED),
            row("r-4", Outcome.GENERATOR_LATE)),
        List.of(
            retry("r-3", 2, Outcome.TRUNCATED),
            retry("r-2", 1, Outcome.COMPLETE),
            retry("r-3", 1, Outcome.HTTP_ERROR)),
        traces,
        null);
  }

  @Test
  void theLastAttemptIsWhatAUserHas() {
    assertThat(Users.of(history(2, List.of()))).contains(new Users(3, 2, 1, 3));
    assertThat(Users.of(history(0, List.of()))).isEmpty();
  }

  @Test
  void whatTheServerTellsOfARetryIsNoStrangers() {
    var records =
        List.of("r-1", "r-2.r1", "r-4.r1", "r-9").stream()
            .map(id ->
                Records.with(
                    Records.with(
                        Story.healed()
                            .requests(-1, -0.9, Outcome.COMPLETE)
                            .traced("w")
                            .read(Trace.Source.USAGE)
                            .history()
                            .traces()
                            .getFirst(),
                        "id",
                        id),
                    "source",
                    Trace.Source.USAGE))
            .toList();
    assertThat(Reconciliation.of(history(2, records)).rows())
        .filteredOn(row -> row.why().equals("sent by no client of this run"))
        .singleElement()
        .satisfies(row -> assertThat(row.id()).isEqualTo("r-9"));
    assertThat(Reconciliation.of(history(2, records)).rows())
        .filteredOn(row -> row.id().equals("r-4.r1"))
        .singleElement()
        .satisfies(row -> assertThat(row.kind()).isEqualTo(Reconciliation.Kind.EXPLAINED));
  }

  /** What was not kept is neither agreement nor explained by the service. */
  @Test
  void aRetryWithoutARowLeavesNoPass() {
    var check = new ReconciledCheck();
    var trace =
        Records.with(
            Story.healed()
                .requests(-1, -0.9, Outcome.COMPLETE)
                .traced("w")
                .read(Trace.Source.USAGE)
                .history()
                .traces()
                .getFirst(),
            "id",
            "r-4.r1");
    var all = Reconciliation.of(history(2, List.of()));
    var lost = Reconciliation.of(history(2, List.of(trace)));
    assertThat(check.judge(all, 99).status()).isEqualTo(Status.PASS);
    assertThat(check.judge(lost, 99).status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(check.judge(lost, 0).status()).isEqualTo(Status.FAIL);
  }
}
