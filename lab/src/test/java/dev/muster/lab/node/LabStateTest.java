package dev.muster.lab.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.lab.Lab;
import dev.muster.lab.LoadBalancer;
import dev.muster.lab.host.ProcessId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabStateTest {
  private static final ProcessId GONE = new ProcessId(Integer.MAX_VALUE, 1);

  @TempDir Path labs;

  private LabState written(boolean complete) throws IOException {
    Path folder = Files.createDirectories(labs.resolve("one"));
    Node node = new Node(1, "node-1", "a", "10.240.0.11", "10.244.1.0/24", null);
    LabState state =
        new LabState(
            "one", 3, "1.37.2", complete, GONE, Map.of("kubelet.x", "1"), List.of(node), Map.of());
    state.write(folder);
    return state;
  }

  @Test
  void isReadAsItWasWritten() throws IOException {
    LabState state = written(true);
    assertThat(LabState.read(labs.resolve("one"))).contains(state);
    assertThat(LabState.read(labs.resolve("two"))).isEmpty();
  }

  @Test
  void clientsAreToldNoAddressWhereNothingLetsThemIn() throws IOException {
    LabState state = written(true);
    assertThat(Lab.find(labs, "one").orElseThrow().url()).isNull();
    assertThat(Lab.find(labs, "one").orElseThrow().loadBalancerStatistics()).isNull();
    state.with(LoadBalancer.NAME, GONE).write(labs.resolve("one"));
    assertThat(Lab.find(labs, "one").orElseThrow().url()).isNotNull();
    assertThat(Lab.find(labs, "one").orElseThrow().loadBalancerStatistics()).isNotNull();
  }

  @Test
  void aStartWhoseProcessIsGoneWasCutShort() throws IOException {
    written(false);
    assertThat(Lab.cutShort(labs, "one")).isTrue();
    written(true);
    assertThat(Lab.cutShort(labs, "one")).isFalse();
    Files.createDirectories(labs.resolve("empty"));
    assertThat(Lab.cutShort(labs, "empty")).isTrue();
  }

  @Test
  void anUnknownNodeIsAnsweredWithTheKnownOnes() throws IOException {
    LabState state = written(true);
    assertThatThrownBy(() -> state.node("node-7")).hasMessageContaining("node-1");
  }

  @Test
  void takingDownWhatIsNotThereDoesNothing() {
    Lab.down(labs, "nothing");
    assertThat(labs.resolve("nothing")).doesNotExist();
    assertThat(Leftovers.of("nothing", labs.resolve("nothing"))).isEmpty();
  }

  @Test
  void aLabHasAShortNameAndTwoToNineNodes() {
    assertThatThrownBy(() -> LabSpec.of("Big Lab", "1.37.2", 4, List.of("a"), Map.of()))
        .hasMessageContaining("Big Lab");
    assertThatThrownBy(() -> LabSpec.of("big", "1.37.2", 10, List.of("a"), Map.of()))
        .hasMessageContaining("10");
    assertThatThrownBy(() -> LabSpec.of("big", "1.37.2", 4, List.of(), Map.of()))
        .hasMessageContaining("zone");
  }
}
