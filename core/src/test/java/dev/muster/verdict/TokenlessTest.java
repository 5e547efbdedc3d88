package dev.muster.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.Status;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Runs against an API whose answers have no tokens: embeddings, or any HTTP service. */
class TokenlessTest {

  private static Request tokenless(Request r) {
    return new Request(
        r.id(),
        false,
        r.intended(),
        r.sent(),
        r.firstSign() == null ? null : r.firstByte(),
        null,
        null,
        null,
        r.ended(),
        0,
        0,
        r.pods(),
        r.attempts(),
        r.resumes(),
        r.httpStatus(),
        r.outcome(),
        r.detail(),
        null,
        null,
        null,
        null,
        null,
        true);
  }

  private static Story of(Story story) {
    return story.changed(-100, 1000, TokenlessTest::tokenless);
  }

  @Test
  void clientsAreJudgedAsWithTokens() {
    for (var story :
        List.of(
            Story.healed(),
            Story.healed().requests(5, 60, Outcome.CONNECTION_FAILED),
            Story.healed().requests(-15, -5, Outcome.HTTP_ERROR),
            Story.healed().requests(100, 1000, Outcome.TIMED_OUT))) {
      for (var check : List.of("baseline", "clients", "interruption", "lostRequests", "ledger")) {
        var with = story.finding(check);
        assertThat(of(story).finding(check))
            .as("%s", with)
            .extracting(Finding::status, Finding::measured, Finding::why)
            .containsExactly(with.status(), with.measured(), with.why());
      }
    }
  }

  @Test
  void whatIsOfTokensIsNotSaid() {
    var story = of(Story.healed());
    assertThat(story.findings("streams")).isEmpty();
    assertThat(story.finding("availability").why()).endsWith("answers/s");
    story.expecting("latency: {ttft: {p99: 2s}}");
    assertThat(story.finding("latency").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void anErrorIsNoSignOfTheService() {
    var row = tokenless(Story.healed().history().ledger().getFirst());
    assertThat(row.answered()).isTrue();
    assertThat(row.firstSign()).isEqualTo(Objects.requireNonNull(row.firstByte()));
    assertThat(row.ended(Outcome.MALFORMED, "").answered()).isFalse();
  }
}
