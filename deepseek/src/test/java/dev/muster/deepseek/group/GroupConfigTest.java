package dev.muster.deepseek.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.deepseek.wire.Env;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupConfigTest {
  private static GroupConfig of(String pod, Map<String, String> environment) {
    var env = new Env(environment);
    var config = GroupConfig.from(env, pod);
    env.check();
    return config;
  }

  @Test
  void aModelFitsIntoOnePodUnlessItIsToldOtherwise() {
    var alone = of("deepseek-worker-7c9-x2x", Map.of());
    assertThat(alone.size()).isEqualTo(1);
    assertThat(alone.follows()).isFalse();
    assertThat(alone.timeout()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void theRankFollowsFromTheNameOfThePod() {
    var leader = of("deepseek-worker-2", Map.of("GROUP_SIZE", "3"));
    assertThat(leader.rank()).as("whatever its number").isZero();
    var where = Map.of("GROUP_SIZE", "3", "GROUP_LEADER", "deepseek-worker-2.deepseek-group:8001");
    assertThat(of("deepseek-follower-2-0", where).rank()).isEqualTo(1);
    assertThat(of("deepseek-follower-2-1", where).rank()).isEqualTo(2);
    assertThat(of("deepseek-follower-2-1", where).follows()).isTrue();
  }

  @Test
  void aRankThatTheGroupDoesNotHaveIsAMistake() {
    assertThatThrownBy(
            () -> of("deepseek-follower-0-2", Map.of("GROUP_SIZE", "3", "GROUP_LEADER", "w-0:1")))
        .hasMessageContaining("GROUP_RANK=3: expected less than GROUP_SIZE=3");
    assertThatThrownBy(() -> of("w", Map.of("GROUP_SIZE", "3", "GROUP_RANK", "1")))
        .hasMessageContaining("GROUP_LEADER=: expected for every rank but 0");
    assertThatThrownBy(() -> of("w-0", Map.of("GROUP_SIZE", "3", "GROUP_LEADER", "w-0")))
        .hasMessageContaining("GROUP_LEADER=w-0: expected host:port");
  }
}
