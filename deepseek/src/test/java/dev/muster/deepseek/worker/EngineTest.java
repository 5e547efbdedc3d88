package dev.muster.deepseek.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private final WorkerMetrics metrics = new WorkerMetrics("m");
  private final Engine engine =
      new Engine(new Speed(Duration.ZERO, 1_000, 100, 2, 0.5), 1, metrics);

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void aStepLengthensWithItsBatch() {
    var speed = new Speed(Duration.ZERO, 1_000, 100, 64, 0.01);
    assertThat(speed.step(1)).isEqualTo(Duration.ofMillis(10));
    assertThat(speed.step(51)).isEqualTo(Duration.ofMillis(15));
  }

  @Test
  void readsThePromptFirstAndThenKeepsItsPace() throws InterruptedException {
    engine.start();
    var generation = engine.submit(100, 20).orElseThrow();
    assertThat(generation.await(19, LONG)).isEqualTo(20);
    // 100 tokens at 1000 a second, then 19 steps of 10 ms; late wake-ups only lengthen it
    assertThat(generation.firstTokenSeconds()).isBetween(0.095, 1.0);
    assertThat(generation.decodeSeconds()).isBetween(0.180, 1.5);
    await().until(() -> engine.running() == 0);
    assertThat(metrics.text())
        .contains("vllm:generation_tokens_total{model_name=\"m\",engine=\"0\"} 20\n");
  }

  @Test
  void refusesWhatNeitherBatchNorQueueHolds() {
    assertThat(engine.submit(1, 1)).isPresent();
    assertThat(engine.submit(1, 1)).isPresent();
    assertThat(engine.submit(1, 1)).isPresent();
    assertThat(engine.submit(1, 1)).isEmpty();
  }

  @Test
  void dropsWhatNobodyWants() throws InterruptedException {
    engine.start();
    var endless = engine.submit(1, 1_000_000).orElseThrow();
    endless.await(0, LONG);
    endless.cancel();
    await().until(() -> engine.running() == 0);
  }
}
