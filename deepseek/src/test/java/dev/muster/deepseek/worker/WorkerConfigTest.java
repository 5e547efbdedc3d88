package dev.muster.deepseek.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.deepseek.worker.profile.ModelLoad;
import dev.muster.deepseek.worker.profile.Speed;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerConfigTest {
  private static ModelLoad load(double read, double compile, double warmUp) {
    return new ModelLoad(seconds(read), seconds(compile), seconds(warmUp));
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }

  @Test
  void theLabIsTheDefault() {
    var config = WorkerConfig.from(Map.of());
    assertThat(config.load()).isEqualTo(load(4, 1.5, 0.5));
    assertThat(config.speed()).isEqualTo(new Speed(8_000, 50, 64, 0.005, 2_048, 65_536));
    assertThat(config.contextTokens()).isEqualTo(1_048_576);
  }

  @Test
  void aTotalStretchesThePhases() {
    assertThat(WorkerConfig.from(Map.of("MODEL_LOAD_SECONDS", "12")).load())
        .isEqualTo(load(8, 3, 1));
    assertThat(WorkerConfig.from(Map.of("MODEL_LOAD_SECONDS", "0")).load())
        .isEqualTo(load(0, 0, 0));
    var nothing = Map.of("MODEL_GIGABYTES", "0", "COMPILE_SECONDS", "0", "WARM_UP_SECONDS", "0");
    assertThat(WorkerConfig.from(nothing).load().total()).isZero();
  }

  @Test
  void oneScaleAppliesToAllTimesOfAProfileAndToNoAmount() {
    var config = WorkerConfig.from(Map.of("PROFILE", "h800", "TIME_SCALE", "10"));
    assertThat(config.load()).isEqualTo(load(35, 10.8, 2.2));
    assertThat(config.speed()).isEqualTo(new Speed(322_000, 220, 672, 0, 8_192, 209_538));
  }

  @Test
  void aVariableWinsOverTheProfile() {
    var config =
        WorkerConfig.from(
            Map.of(
                "PROFILE", "h100",
                "READ_GIGABYTES_PER_SECOND", "7",
                "DECODE_TOKENS_PER_SECOND", "20",
                "MAX_BATCH", "10000",
                "KV_BLOCKS", "100"));
    assertThat(config.load()).isEqualTo(load(100, 108, 22));
    assertThat(config.speed()).isEqualTo(new Speed(52_300, 20, 10_000, 0, 10_000, 100));
    assertThat(config.contextTokens()).as("no more than the cache holds").isEqualTo(1_600);
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(
            () -> WorkerConfig.from(Map.of("PROFILE", "b200", "MAX_BATCHED_TOKENS", "63")))
        .hasMessageContaining("PROFILE=b200: expected lab or h800 or h100")
        .hasMessageContaining("MAX_BATCHED_TOKENS=63: expected a whole number from 64");
  }
}
