package dev.muster.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Ended;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainCommandTest {

  @Test
  void aFieldAndThoseInIt() {
    Ended ended = Ended.of("explain", "expect.latency");
    assertThat(ended.exit()).isZero();
    assertThat(ended.output())
        .startsWith("expect.latency: a mapping\n")
        .contains("\n  ttft  from the intended time to the first token\n        a mapping\n");
  }

  @Test
  void aFieldWithItsWords() {
    assertThat(Ended.of("explain", "faults.kind").output())
        .startsWith("faults.kind: NodeShutdown, NodeNetwork, ");
    assertThat(Ended.of("explain", "metadata").output()).contains("metadata: a mapping, required");
  }

  @Test
  void withoutAFieldThoseAtTheTop() {
    assertThat(Ended.of("explain").output())
        .startsWith("a drill: a mapping")
        .contains("  faults      what is broken", "(required)");
  }

  @Test
  void aKindInWhateverCase() {
    assertThat(Ended.of("explain", "nodenetwork").output())
        .startsWith("NodeNetwork: all packets between")
        .contains("takes nodes, by an agent", "  direction  packets that", "(required)");
  }

  @ParameterizedTest
  @CsvSource({
    "expect.latncy, expect.latency?",
    "faults.knd, faults.kind?",
    "ttl, faults.ttl?",
    "NodeNetwrk, NodeNetwork?",
    "xyzzyxyzzy, shows those at the top"
  })
  void anUnknownFieldIsRefusedWithTheNearest(String field, String near) {
    Ended ended = Ended.of("explain", field);
    assertThat(ended.exit()).isEqualTo(64);
    assertThat(ended.output()).isEmpty();
    assertThat(ended.errors()).contains("no field " + field + "; ", near);
  }
}
