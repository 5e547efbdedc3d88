package dev.muster.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.load.Retrying.Felt;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RetryingTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  private static final String SOON = "0.001";
  private final Queue<Request> ledger = new ConcurrentLinkedQueue<>();
  private final Queue<Request> later = new ConcurrentLinkedQueue<>();
  private final Queue<String> sent = new ConcurrentLinkedQueue<>();
  private final Queue<Felt> felt = new ConcurrentLinkedQueue<>();

  private static Request row(Outcome outcome, int status) {
    var end = AT.plusSeconds(1);
    boolean good = outcome == Outcome.COMPLETE;
    return new Request(
        "r",
        true,
        AT,
        AT,
        null,
        null,
        good ? end : null,
        null,
        end,
        good ? 5 : 0,
        0,
        List.of(),
        1,
        0,
        status,
        outcome,
        null,
        null);
  }

  /** Each attempt ends at once as the next of these; the last of them never does. */
  private Retrying retrying(int retries, Request... rows) {
    var left = new ArrayDeque<>(List.of(rows));
    Attempts server =
        (_, as, _, ended) -> {
          sent.add(as);
          var next = left.poll();
          if (next != null) {
            ended.ended(next, SOON);
          }
          return () -> ended.ended(row(Outcome.TIMED_OUT, 0), null);
        };
    return new Retrying(server, retries, 1, Clock.systemUTC(), _ -> false, later::add, felt::add);
  }

  private Felt has(int retries, Request... rows) {
    try (var client = retrying(retries, rows)) {
      client.send("r", AT, ledger::add);
      await().until(() -> felt.size() == 1);
    }
    return felt.remove();
  }

  @Test
  void theLedgerHasTheFirstAttemptAndTheUserTheLast() {
    var busy = row(Outcome.REJECTED, 503);
    var good = row(Outcome.COMPLETE, 200);
    assertThat(has(2, busy, row(Outcome.CONNECTION_FAILED, 0), good)).isEqualTo(new Felt(good, 2));
    assertThat(ledger).containsExactly(busy);
    assertThat(sent).containsExactly("r", "r.r1", "r.r2");
    assertThat(later).containsExactly(row(Outcome.CONNECTION_FAILED, 0), good);
    assertThat(has(2, good)).isEqualTo(new Felt(good, 0));
    assertThat(has(1, busy, busy, good)).isEqualTo(new Felt(busy, 1));
  }

  @Test
  void whatHasBegunOrWillNotPassIsNotAskedAgain() {
    for (var row :
        List.of(
            row(Outcome.TRUNCATED, 200),
            row(Outcome.TIMED_OUT, 200),
            row(Outcome.HTTP_ERROR, 400),
            row(Outcome.NOT_SENT, 0))) {
      assertThat(has(2, row)).isEqualTo(new Felt(row, 0));
    }
    for (int status : new int[] {408, 409, 429, 500, 529}) {
      assertThat(has(1, row(Outcome.HTTP_ERROR, status), row(Outcome.COMPLETE, 200)).retries())
          .as("%d", status)
          .isEqualTo(1);
    }
  }

  @Test
  void whoStillWaitsAtTheEndHasWhatTheLastAttemptSaid() throws InterruptedException {
    var busy = row(Outcome.REJECTED, 429);
    try (var client = retrying(3, busy)) {
      client.send("r", AT, ledger::add);
      await().until(() -> ledger.size() == 1);
      client.finish(Duration.ofMillis(50));
    }
    assertThat(felt).hasSize(1);
    assertThat(felt.remove().last().answered()).isFalse();
  }

  @Test
  void theWaitGrowsToEightSecondsUnlessTheServerSaysIt() {
    assertThat(Backoff.before(0, null, AT, 0)).isEqualTo(Duration.ofMillis(500));
    assertThat(Backoff.before(0, null, AT, 1)).isEqualTo(Duration.ofMillis(375));
    assertThat(Backoff.before(3, null, AT, 0)).isEqualTo(Duration.ofSeconds(4));
    assertThat(Backoff.before(9, null, AT, 0)).isEqualTo(Duration.ofSeconds(8));
    assertThat(Backoff.before(0, " 7 ", AT, 0)).isEqualTo(Duration.ofSeconds(7));
    assertThat(Backoff.before(0, "Thu, 1 Jan 2026 00:00:09 GMT", AT, 0))
        .isEqualTo(Duration.ofSeconds(9));
    for (var none : List.of("61", "0", "-3", "soon", "NaN", "Thu, 1 Jan 2015 00:00:09 GMT")) {
      assertThat(Backoff.before(0, none, AT, 0)).as(none).isEqualTo(Duration.ofMillis(500));
    }
  }

  @Test
  void theAccountHasBoth() {
    var account = new LoadTotals();
    account.add(row(Outcome.REJECTED, 503));
    assertThat(account.told().felt()).isNull();
    account.add(new Felt(row(Outcome.COMPLETE, 200), 2));
    account.add(new Felt(row(Outcome.CONNECTION_FAILED, 0), 2));
    account.add(new Felt(row(Outcome.GENERATOR_LATE, 0), 1));
    var users = Objects.requireNonNull(account.told().felt());
    assertThat(users.users()).isEqualTo(2);
    assertThat(users.served()).isEqualTo(1);
    assertThat(users.lost()).isEqualTo(1);
    assertThat(users.retries()).isEqualTo(5);
    assertThat(users.errorRatio()).isEqualTo(0.5);
    assertThat(users.total().max()).isBetween(1000.0, 1001.0);
  }
}
