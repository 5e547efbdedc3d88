package dev.muster.deepseek.worker.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.muster.deepseek.fault.Failure;
import dev.muster.deepseek.fault.Fault;
import dev.muster.deepseek.fault.Faults;
import dev.muster.deepseek.wire.Log;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class LoadingTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Log log =
      new Log(
          new PrintStream(written, true, StandardCharsets.UTF_8),
          InstantSource.system(),
          "worker",
          "w");
  private final VirtualClock clock = new VirtualClock();
  private final Faults faults = new Faults(clock::now, log);
  private final Loading loading =
      new Loading(
          new ModelLoad(Duration.ofSeconds(4), Duration.ofMillis(1_550), Duration.ofMillis(500)),
          clock,
          log,
          faults);

  @Test
  void takesTheTimeOfEachPhaseAndTellsIt() throws InterruptedException {
    assertThat(loading.phase()).isEqualTo(ModelLoad.Phase.READ);
    var begin = clock.now();
    loading.run();
    assertThat(clock.now() - begin).isEqualTo(Duration.ofMillis(6_050).toNanos());
    assertThat(
            written.toString(StandardCharsets.UTF_8).lines().map(l -> l.replaceAll(".*over", "")))
        .containsExactly(
            "\",\"phase\":\"read\",\"took_ms\":4000}",
            "\",\"phase\":\"compile\",\"took_ms\":1550}",
            "\",\"phase\":\"warm-up\",\"took_ms\":500}");
    assertThat(loading.phase()).isEqualTo(ModelLoad.Phase.WARM_UP);
  }

  @Test
  void timeInWhichTheProcessStoodStillLoadsNothing() throws InterruptedException {
    clock.stop(Duration.ofMillis(2_050), Duration.ofSeconds(60));
    var begin = clock.now();
    loading.run();
    assertThat(clock.now() - begin)
        .isBetween(Duration.ofSeconds(65).toNanos(), Duration.ofSeconds(67).toNanos());
  }

  @Test
  void aSlowLoadIsSlowUntilItsFaultEnds() throws InterruptedException {
    faults.put(new Fault("a", Failure.SLOW_LOAD, Duration.ofSeconds(8), 4, 5));
    var begin = clock.now();
    loading.run();
    // eight seconds for two of it, and the rest at its own pace
    assertThat(clock.now() - begin)
        .isBetween(Duration.ofMillis(12_050).toNanos(), Duration.ofMillis(12_150).toNanos());
  }

  @Test
  void whatTheFractionsLeaveIsLoadedAsWell() throws InterruptedException {
    faults.put(new Fault("a", Failure.SLOW_LOAD, Duration.ofHours(1), 1.7, 5));
    var begin = clock.now();
    loading.run();
    assertThat((clock.now() - begin) / 1e9).isCloseTo(6.05 * 1.7, offset(0.001));
    assertThat(faults.of(Failure.SLOW_LOAD).orElseThrow().affected()).hasValue(1);
  }
}
