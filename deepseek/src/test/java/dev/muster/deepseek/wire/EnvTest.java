package dev.muster.deepseek.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvTest {
  @Test
  void readsWhatIsThereAndFallsBack() {
    var env = new Env(Map.of("A", " 5 ", "B", "1.5s", "C", "x, y", "D", ""));
    assertThat(env.integer("A", 1, 0, 9)).isEqualTo(5);
    assertThat(env.duration("B", "1m")).isEqualTo(Duration.ofMillis(1500));
    assertThat(env.list("C", "")).containsExactly("x", "y");
    assertThat(env.text("D", "fallback")).isEqualTo("fallback");
    assertThat(env.duration("E", "2m")).isEqualTo(Duration.ofMinutes(2));
    assertThat(env.duration("E", "24h")).isEqualTo(Duration.ofDays(1));
    env.check();
  }

  @Test
  void namesEveryMistakeAtOnce() {
    var env = new Env(Map.of("PORT", "99999", "T", "5 sec", "E", "etcd:2379"));
    env.integer("PORT", 1, 0, 65_535);
    env.duration("T", "1s");
    env.uris("E", "");
    assertThatThrownBy(env::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PORT=99999: expected a whole number from 0 to 65535")
        .hasMessageContaining("T=5 sec: expected a duration such as 500ms, 5s or 2m")
        .hasMessageContaining("E=etcd:2379: expected http://host:port");
  }
}
