package dev.muster.deepseek.api.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.deepseek.api.upstream.Failure;
import dev.muster.deepseek.wire.etcd.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FleetTest {
  private static final Demand DEMAND = new Demand(10, 100, 0);
  private static final Patience PATIENCE =
      new Patience(
          Duration.ofMillis(1500),
          Duration.ofSeconds(3),
          Duration.ofSeconds(5),
          2_000,
          Duration.ofMinutes(10));

  private final AtomicLong nanos = new AtomicLong(-5);
  private final AtomicLong told = new AtomicLong();
  private final Fleet fleet = fleet(new Fleet.Bounds(seconds(3), seconds(10), 4, 0));

  private Fleet fleet(Fleet.Bounds bounds) {
    return new Fleet(bounds, PATIENCE, nanos::get);
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  @BeforeEach
  void twoWorkers() {
    fleet.replace(List.of(worker("a"), worker("b")));
    fleet.onRoom(told::incrementAndGet);
  }

  private static Registration worker(String pod) {
    return new Registration(pod, "10.0.0.1:8000", "ready");
  }

  private Seat take(String... tried) {
    return take(fleet, tried);
  }

  private static Seat take(Fleet fleet, String... tried) {
    return fleet.take(Set.of(tried), DEMAND, false).orElseThrow();
  }

  private void later(double seconds) {
    nanos.addAndGet((long) (seconds * 1e9));
  }

  @Test
  void theLeastLoadedIsNextAndEqualsTakeTurns() {
    var first = take();
    var second = take();
    assertThat(second.pod()).isNotEqualTo(first.pod());
    second.close();
    assertThat(take().pod()).isEqualTo(second.pod());
  }

  @Test
  void theLoadFallsWithEachToken() {
    var a = take("b");
    var b = take("a");
    b.token();
    b.token();
    a.token();
    assertThat(take().pod()).isEqualTo("b");
  }

  @Test
  void oneThatFailedIsLeftAloneUntilAProbeOfItSucceeds() {
    try (var a = take("b")) {
      a.failed(Failure.BROKEN);
    }
    later(2.9);
    assertThat(fleet.probes(DEMAND)).isEmpty();
    later(0.1);
    assertThat(fleet.ejected()).isEqualTo(1);
    try (var probe = fleet.probes(DEMAND).getFirst()) {
      assertThat(probe.pod()).isEqualTo("a");
      assertThat(fleet.probes(DEMAND)).as("one at a time").isEmpty();
      assertThat(take().pod()).isEqualTo("b");
      assertThat(take().pod()).isEqualTo("b");
      probe.failed(Failure.BROKEN);
      probe.probed();
    }
    later(5.9);
    assertThat(fleet.probes(DEMAND)).as("twice the time").isEmpty();
    later(0.1);
    try (var probe = fleet.probes(DEMAND).getFirst()) {
      probe.token();
      probe.probed();
    }
    assertThat(fleet.ejected()).isZero();
    later(10);
    assertThat(take().pod()).isEqualTo("a");
  }

  @Test
  void oneThatComesBackGetsItsShareLittleByLittle() {
    try (var a = take("b")) {
      a.failed(Failure.BROKEN);
    }
    later(3);
    fleet.probes(DEMAND).getFirst().succeeded();
    fleet.put(worker("c"));
    take("a", "c");
    assertThat(take("c").pod()).as("a tenth of its share").isEqualTo("b");
    assertThat(take("a").pod()).isEqualTo("b");
    later(10);
    assertThat(take("c").pod()).isEqualTo("a");
  }

  @Test
  void streamsThatFailTogetherCountOnce() {
    var one = take("b");
    var two = take("b");
    one.failed(Failure.BROKEN);
    two.failed(Failure.BROKEN);
    assertThat(fleet.ejections()).isEqualTo(1);
    later(3);
    one.failed(Failure.BROKEN);
    assertThat(fleet.ejections()).isEqualTo(2);
  }

  @Test
  void anEjectedWorkerIsBetterThanNone() {
    take("b").failed(Failure.BROKEN);
    assertThat(take("b").pod()).isEqualTo("a");
    assertThat(fleet.take(Set.of("a", "b"), DEMAND, false)).isEmpty();
    assertThat(fleet.worthWaiting(Set.of("a", "b"))).isFalse();
  }

  @Test
  void aWorkerThatRegistersAnewStartsClean() {
    take("b").failed(Failure.BROKEN);
    fleet.put(new Registration("a", "10.0.0.9:8000", "ready"));
    assertThat(fleet.ejected()).isZero();
    fleet.replace(List.of(worker("b")));
    assertThat(fleet.pods()).containsExactly("b");
  }

  @Test
  void fewRequestsWaitForTheirFirstTokenAtOneWorker() {
    var seats = List.of(take("b"), take("b"), take("b"), take("b"));
    assertThat(fleet.take(Set.of("b"), DEMAND, false)).isEmpty();
    assertThat(fleet.worthWaiting(Set.of("b"))).isTrue();
    assertThat(fleet.take(Set.of("b"), DEMAND, true)).as("the rest of an answer").isPresent();
    assertThat(told).hasValue(0);
    seats.getFirst().token();
    seats.getLast().token();
    assertThat(told).hasValue(2);
    take("b");
  }

  @Test
  void aBoundOfRequestsInFlightHoldsWhateverTheyDo() {
    var bounded = fleet(new Fleet.Bounds(seconds(3), seconds(0), 4, 1));
    bounded.put(worker("a"));
    var seat = take(bounded);
    seat.token();
    assertThat(bounded.take(Set.of(), DEMAND, false)).isEmpty();
    seat.close();
    take(bounded);
  }

  @Test
  void aWorkerThatSaidFullGetsNoMoreThanItHasForAWhile() {
    var one = take("b");
    var refused = take("b");
    refused.full();
    refused.close();
    assertThat(fleet.take(Set.of("b"), DEMAND, true)).isEmpty();
    later(0.6);
    one.token();
    assertThat(fleet.take(Set.of("b"), DEMAND, false)).isEmpty();
    later(0.5);
    take("b");
  }

  /** A request without a first token would find that out much later by itself. */
  @Test
  void aWorkerThatOthersFoundSilentIsNotWaitedFor() {
    var waiting = take("b");
    later(1);
    var answered = take("b");
    answered.token();
    later(3);
    assertThat(waiting.deadline() - nanos.get()).isPositive();
    take("b").failed(Failure.BROKEN);
    assertThat(waiting.deadline() - nanos.get()).as("it may be that one's doing").isPositive();
    take("b").failed(Failure.SILENT);
    assertThat(waiting.deadline() - nanos.get()).isNotPositive();
    assertThat(take("b").deadline() - nanos.get()).as("a new one").isPositive();
    waiting.comment();
    later(2.9);
    assertThat(waiting.deadline() - nanos.get()).as("it lives").isPositive();
  }

  @Test
  void aSilentWorkerThatGoesOnWithOthersIsNotLost() {
    var silent = take("b");
    var other = take("b");
    silent.token();
    later(20);
    other.token();
    assertThat(silent.seen(Failure.SILENT)).isEqualTo(Failure.STANDING);
    later(3);
    assertThat(silent.seen(Failure.SILENT)).isEqualTo(Failure.SILENT);
    assertThat(silent.seen(Failure.BROKEN)).isEqualTo(Failure.BROKEN);
  }
}
