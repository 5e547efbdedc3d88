package dev.muster.deepseek.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // near its overflow
  private final Faults faults = faults(nanos);

  private Faults faults(AtomicLong clock) {
    var out = new PrintStream(written, true, StandardCharsets.UTF_8);
    return new Faults(clock::get, new Log(out, InstantSource.system(), "worker", "w"));
  }

  private static Fault fault(String id, Failure failure, int seconds) {
    return new Fault(id, failure, Duration.ofSeconds(seconds), 2, 5);
  }

  private void later(int seconds) {
    nanos.addAndGet(seconds * 1_000_000_000L);
  }

  private List<String> log() {
    return written
        .toString(StandardCharsets.UTF_8)
        .lines()
        .map(Json::parse)
        .map(l ->
            "%s %s %s %s"
                .formatted(
                    l.path("message").asString(""),
                    l.path("fault").asString(""),
                    l.path("failure").asString(""),
                    l.path("reason").asString("-")))
        .toList();
  }

  @Test
  void endsByTheClockAndIsToldWhenSomebodyLooks() {
    assertThat(faults.put(fault("a", Failure.RESET, 10))).isTrue();
    later(9);
    assertThat(faults.of(Failure.RESET)).isPresent();
    assertThat(faults.of(Failure.TRUNCATION)).isEmpty();
    later(1);
    assertThat(faults.of(Failure.RESET)).isEmpty();
    assertThat(faults.end("a")).isFalse();
    assertThat(faults.all()).isEmpty();
    assertThat(log()).containsExactly("fault begun a reset -", "fault over a reset ttl");
  }

  @Test
  void isRenewedWithWhatItHarmedSoFar() {
    faults.put(fault("a", Failure.SLOW_DECODE, 10));
    faults.of(Failure.SLOW_DECODE).orElseThrow().harmed();
    later(9);
    assertThat(faults.put(new Fault("a", Failure.SLOW_DECODE, Duration.ofSeconds(20), 3, 5)))
        .isFalse();
    later(19);
    var found = faults.of(Failure.SLOW_DECODE).orElseThrow();
    assertThat(found.affected()).hasValue(1);
    assertThat(faults.left(found)).isEqualTo(1_000_000_000L);
    assertThat(faults.factor(Failure.SLOW_DECODE)).isEqualTo(3);
    assertThat(faults.factor(Failure.SLOW_LOAD)).isEqualTo(1);
    assertThat(faults.end("a")).isTrue();
    assertThat(faults.factor(Failure.SLOW_DECODE)).isEqualTo(1);
    assertThat(log())
        .containsExactly(
            "fault begun a slow-decode -",
            "fault renewed a slow-decode -",
            "fault over a slow-decode deleted");
  }

  @Test
  void thereIsOneOfAFailureAndOneOfAnId() {
    faults.put(fault("a", Failure.RESET, 10));
    assertThatThrownBy(() -> faults.put(fault("b", Failure.RESET, 10)))
        .hasMessage("The fault a has the failure reset: end it first.");
    assertThatThrownBy(() -> faults.put(fault("a", Failure.NO_DONE, 10)))
        .hasMessage("The fault a has the failure reset: end it first.");
    faults.put(fault("b", Failure.NO_DONE, 10));
    assertThat(faults.all()).hasSize(2);
    later(10);
    assertThat(faults.put(fault("c", Failure.RESET, 10))).as("the other is over").isTrue();
  }

  @Test
  void aVictimCountsOnce() {
    faults.put(fault("a", Failure.RESET, 10));
    var victim = new Victim(faults);
    assertThat(victim.of(Failure.RESET, 4)).isEmpty();
    assertThat(victim.of(Failure.RESET, 5)).isPresent();
    assertThat(victim.of(Failure.RESET, 6)).isPresent();
    assertThat(victim.of(Failure.NO_DONE)).isEmpty();
    assertThat(faults.of(Failure.RESET).orElseThrow().affected()).hasValue(1);
    new Victim(faults).of(Failure.RESET);
    assertThat(faults.of(Failure.RESET).orElseThrow().affected()).hasValue(2);
  }

  @Test
  void whoWaitsForOneThatHarmedNothingIsWoken() throws InterruptedException {
    var any = Set.of(Failure.SLOW_LOAD, Failure.LOAD_LOOP);
    faults.put(fault("used", Failure.SLOW_LOAD, 10));
    faults.of(Failure.SLOW_LOAD).orElseThrow().harmed();
    var waiter =
        Thread.ofVirtual()
            .start(() -> {
              try {
                faults.awaitUnused(any);
              } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts it", e);
              }
            });
    faults.put(fault("other", Failure.RESET, 10));
    await().until(() -> waiter.getState() == Thread.State.WAITING);
    faults.put(fault("new", Failure.LOAD_LOOP, 10));
    assertThat(waiter.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void theLogHasTheEndOfOneThatNobodyLooksAt() {
    var now = new AtomicLong();
    var watched = faults(now);
    watched.start();
    watched.put(new Fault("a", Failure.RESET, Duration.ofMillis(20), 1, 5));
    now.set(30_000_000);
    await().until(() -> log().contains("fault over a reset ttl"));
  }

  @Test
  void aTokenIsComparedAsAWhole() {
    assertThat(new FaultToken("secret").is("secret")).isTrue();
    assertThat(new FaultToken("secret").is("secre")).isFalse();
    assertThat(new FaultToken("secret").is("")).isFalse();
    assertThat(new FaultToken("").is("")).as("none is known").isFalse();
  }
}
