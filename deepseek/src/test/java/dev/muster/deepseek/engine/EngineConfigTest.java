package dev.muster.deepseek.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineConfigTest {
  @Test
  void theEngineIsReachedUnderItsPodsAddress() {
    var config =
        EngineConfig.from(
            Map.of(
                "ETCD_ENDPOINTS", "http://etcd:2379",
                "POD_NAME", "llama-0",
                "POD_IP", "10.244.1.7",
                "ENGINE_URL", "http://127.0.0.1:8080"));
    assertThat(config.pod()).isEqualTo("llama-0");
    assertThat(config.address()).isEqualTo("10.244.1.7:8080");
    assertThat(config.engine()).isEqualTo(URI.create("http://127.0.0.1:8080"));
    assertThat(config.healthPath()).isEqualTo("/health");
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(() ->
            EngineConfig.from(
                Map.of("ENGINE_URL", "http://a:1,http://b:2", "HEALTH_FAILURES", "0")))
        .hasMessageContaining("ETCD_ENDPOINTS is not set")
        .hasMessageContaining("ENGINE_URL has more than one address")
        .hasMessageContaining("HEALTH_FAILURES=0: expected a whole number from 1");
  }
}
