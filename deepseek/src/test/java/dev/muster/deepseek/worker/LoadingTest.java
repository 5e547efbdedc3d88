package dev.muster.deepseek.worker;

import static org.assertj.core.api.Assertions.assertThat;

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
  private final Loading loading =
      new Loading(
          new ModelLoad(Duration.ofSeconds(4), Duration.ofMillis(1_550), Duration.ofMillis(500)),
          clock,
          log);

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
}
