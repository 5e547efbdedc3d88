package dev.muster.deepseek.prefill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class KvLinkTest {
  @Test
  void oneCachePassesAfterTheOther() {
    var link = new KvLink();
    assertThat(link.reserve(-100, Duration.ofNanos(30))).as("free").isEqualTo(-70);
    assertThat(link.reserve(-90, Duration.ofNanos(30))).as("waits for it").isEqualTo(-40);
    assertThat(link.reserve(10, Duration.ofNanos(30))).as("free again").isEqualTo(40);
  }
}
