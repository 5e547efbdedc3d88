package dev.muster.deepseek.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.deepseek.wire.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FleetTest {
  private final AtomicLong nanos = new AtomicLong(-5);
  private final Fleet fleet = new Fleet(Duration.ofSeconds(3), nanos::get);

  @BeforeEach
  void twoWorkers() {
    fleet.replace(List.of(worker("a"), worker("b")));
  }

  private static Registration worker(String pod) {
    return new Registration(pod, "10.0.0.1:8000", "ready");
  }

  private Fleet.Seat take(String... tried) {
    return fleet.take(Set.of(tried)).orElseThrow();
  }

  private void later(int seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
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
  void oneThatFailedIsLeftAloneAndThenTriedByOneRequestAtATime() {
    var a = take("b");
    a.failed();
    a.close();
    assertThat(take().pod()).isEqualTo("b");
    assertThat(take().pod()).isEqualTo("b");
    later(3);
    var trial = take();
    assertThat(trial.pod()).isEqualTo("a");
    assertThat(take().pod()).isEqualTo("b");
    trial.succeeded();
    assertThat(take().pod()).isEqualTo("a");
  }

  @Test
  void eachFurtherFailureDoublesTheTimeButStreamsThatFailTogetherCountOnce() {
    var one = take("b");
    var two = take("b");
    one.failed();
    two.failed();
    later(3);
    assertThat(fleet.ejected()).isZero();
    one.failed();
    later(5);
    assertThat(fleet.ejected()).isEqualTo(1);
    later(1);
    assertThat(fleet.ejected()).isZero();
    assertThat(fleet.ejections()).isEqualTo(2);
  }

  @Test
  void anEjectedWorkerIsBetterThanNone() {
    take("b").failed();
    assertThat(take("b").pod()).isEqualTo("a");
    assertThat(fleet.take(Set.of("a", "b"))).isEmpty();
  }

  @Test
  void aWorkerThatRegistersAnewStartsClean() {
    take("b").failed();
    fleet.put(new Registration("a", "10.0.0.9:8000", "ready"));
    assertThat(fleet.ejected()).isZero();
    fleet.replace(List.of(worker("b")));
    assertThat(fleet.pods()).containsExactly("b");
  }
}
