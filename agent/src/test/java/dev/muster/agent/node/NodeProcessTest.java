package dev.muster.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeProcessTest {

  @Test
  void aNameWithSpacesAndParenthesesDoesNotShiftTheFields() {
    String stat =
        "4711 (a (b) c) S 42 1 1 0 -1 4194560 9 0 0 0 1 2 0 0 20 0 1 0 987654 1000 200 18446744073709551615";

    assertThat(NodeProcess.parse(4711, stat))
        .isEqualTo(new NodeProcess(4711, 42, 'S', 987654, "a (b) c"));
  }

  @Test
  void itselfIsAliveAndAnotherOfTheSamePidIsNotIt() {
    NodeProcess self = NodeProcess.of(ProcessHandle.current().pid()).orElseThrow();

    assertThat(self.alive()).isTrue();
    assertThat(self.stopped()).isFalse();
    assertThat(new NodeProcess(self.pid(), 1, 'S', self.start() + 1, "x").alive()).isFalse();
  }
}
