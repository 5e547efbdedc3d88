package dev.muster.deepseek.api.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.etcd.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30) // one who is never served would wait for ever
class WaitingLineTest {
  private static final Demand DEMAND = new Demand(10, 100, 0);
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong nanos = new AtomicLong(-5);
  private final Fleet fleet =
      new Fleet(
          new Fleet.Bounds(Duration.ofSeconds(3), Duration.ZERO, 9, 1),
          new Patience(
              Duration.ofMillis(1500),
              Duration.ofSeconds(3),
              Duration.ofSeconds(5),
              2_000,
              Duration.ofMinutes(10)),
          nanos::get);
  private final WaitingLine line = new WaitingLine(fleet, 2, nanos::get);

  @BeforeEach
  void oneWorkerThatTakesOne() {
    fleet.replace(List.of(new Registration("a", "10.0.0.1:8000", "ready")));
  }

  private Optional<Seat> take(boolean urgent) {
    return line.take(Set.of(), DEMAND, nanos.get() + 10 * SECOND, urgent);
  }

  private FutureTask<Optional<Seat>> waiting(boolean urgent, int length) {
    var task = new FutureTask<>(() -> take(urgent));
    Thread.ofVirtual().start(task);
    await().until(() -> line.length() == length);
    return task;
  }

  private ApiError refused() {
    return catchThrowableOfType(ApiError.class, () -> take(false));
  }

  @Test
  void theyAreServedInTheOrderOfTheirArrival() throws Exception {
    var now = take(false).orElseThrow();
    var first = waiting(false, 1);
    var second = waiting(false, 2);
    now.close();
    var next = first.get().orElseThrow();
    assertThat(second.isDone()).isFalse();
    next.close();
    assertThat(second.get()).isPresent();
  }

  /** Who is refused cannot show that it goes on faster again. */
  @Test
  void afterAStallTheLineOpensAgain() throws Exception {
    var now = take(false).orElseThrow();
    var first = waiting(false, 1);
    nanos.addAndGet(9 * SECOND);
    var second = waiting(false, 2);
    nanos.addAndGet(3 * SECOND);
    await().until(first::isDone);
    now.close();
    var held = second.get().orElseThrow();
    var third = waiting(false, 1);
    held.close();
    assertThat(third.get()).isPresent();
  }

  @Test
  void theLineIsBounded() {
    take(false);
    var _ = waiting(false, 1);
    var _ = waiting(false, 2);
    assertThat(refused().status()).isEqualTo(503);
    assertThat(refused().overload()).isTrue();
    assertThat(line.length()).isEqualTo(2);
  }

  @Test
  void whoWouldNotBeServedInTimeIsRefusedAtOnceAndToldWhenToComeBack() throws Exception {
    var seat = take(false).orElseThrow();
    for (int i = 0; i < 3; i++) {
      var next = waiting(false, 1);
      nanos.addAndGet(7 * SECOND);
      seat.close();
      seat = next.get().orElseThrow();
    }
    var _ = waiting(false, 1); // it comes first in 7 s; the next one would in 14
    assertThat(refused().retryAfterSeconds()).isEqualTo(14);
  }

  @Test
  void whoseDeadlinePassesIsRefused() {
    take(false);
    var late = waiting(false, 1);
    nanos.addAndGet(10 * SECOND);
    assertThat(catchThrowableOfType(Exception.class, late::get)).hasCauseInstanceOf(ApiError.class);
    assertThat(line.length()).isZero();
  }

  @Test
  void theRestOfAnAnswerGoesBeforeAllOthersAndIntoAFullWorker() {
    take(false);
    var _ = waiting(false, 1);
    var _ = waiting(false, 2);
    assertThat(take(true)).isPresent();
  }

  @Test
  void whereNoWorkerIsLeftNobodyWaits() throws Exception {
    take(false);
    var waits = waiting(false, 1);
    fleet.remove("a");
    assertThat(waits.get()).isEmpty();
    assertThat(take(false)).isEmpty();
  }
}
