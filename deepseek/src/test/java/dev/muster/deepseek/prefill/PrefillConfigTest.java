package dev.muster.deepseek.prefill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.deepseek.wire.Env;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrefillConfigTest {
  private static PrefillConfig of(double scale, Map<String, String> environment) {
    var env = new Env(environment);
    var config = PrefillConfig.from(env, 40, 8_000, scale);
    env.check();
    return config;
  }

  @Test
  void aTokenIsAsLargeAsDeepSeekV3s() {
    var config = of(1, Map.of());
    assertThat(config.role()).isEqualTo(Role.BOTH);
    assertThat(config.bytes(1_000)).isEqualTo(70_272_000);
    assertThat(config.handOver(100_000)).isEqualTo(Duration.ofNanos(175_680_000));
  }

  @Test
  void theTimeScaleShortensTheHandOverAndNotTheBound() {
    var config = of(60, Map.of("ROLE", "decode", "KV_GIGABYTES_PER_SECOND", "4"));
    assertThat(config.role()).isEqualTo(Role.DECODE);
    assertThat(config.handOver(100_000)).isEqualTo(Duration.ofNanos(29_280_000));
    assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void whoOwesMoreIsWaitedForLonger() {
    var config = of(1, Map.of("KV_BYTES_PER_TOKEN", "1000000"));
    // one second of reading and 0.2 s of handing over for 8,000 tokens
    assertThat(config.patience(8_000)).isEqualTo(Duration.ofMillis(4_200));
  }

  @Test
  void aRoleThatIsNoneIsAMistake() {
    assertThatThrownBy(() -> of(1, Map.of("ROLE", "encode")))
        .hasMessageContaining("ROLE=encode: expected both or prefill or decode");
  }
}
