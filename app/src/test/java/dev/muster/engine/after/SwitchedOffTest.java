package dev.muster.engine.after;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.connect.Connection;
import dev.muster.drill.Drill.PowerHook;
import dev.muster.drill.port.Power;
import dev.muster.engine.time.VirtualTime;
import dev.muster.engine.wiring.FakeApi;
import dev.muster.fault.CommandPower;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** History 12: what a power hook says is not what the cluster shows. */
@Timeout(60)
class SwitchedOffTest {
  @TempDir Path folder;
  private final List<String> told = new ArrayList<>();

  @Test
  void aNodeThatIsOffIsSwitchedOnAndSeenToBeBack() throws IOException {
    assertThat(undo("off", "echo on > power", "cat power", false)).isTrue();
    assertThat(told)
        .containsExactly("found: node n1 is switched off", "undone: all 1 that were found");
    assertThat(folder.resolve("power")).content().isEqualToIgnoringWhitespace("on");
  }

  @Test
  void aDryRunOnlySaysWhatItWouldDo() throws IOException {
    assertThat(undo("off", "echo on > power", "cat power", true)).isFalse();
    assertThat(told).containsExactly("would undo: node n1 is switched off");
    assertThat(folder.resolve("power")).content().isEqualToIgnoringWhitespace("off");
  }

  @Test
  void anOnThatDoesNothingLeavesTheNodeOff() throws IOException {
    assertThat(undo("off", "true", "cat power", false)).isFalse();
    assertThat(told).hasSize(3).last().isEqualTo("found 1, left 1");
    assertThat(told.get(1)).contains("left: n1 was switched on and did not come back");
  }

  @Test
  void aStateThatLiesIsContradictedByTheCluster() throws IOException {
    assertThat(undo("off", "true", "echo on", false)).isFalse();
    assertThat(told.getFirst())
        .isEqualTo("left: node n1 is not Ready although its provider says that it is on");
  }

  @Test
  void aStateThatIsNotUnderstoodWasNotLookedAt() throws IOException {
    assertThat(undo("on", "true", "echo banana", false)).isFalse();
    assertThat(told.getFirst()).startsWith("could not be looked at: power of n1: ");
    assertThat(told.getFirst()).contains("'banana'");
    assertThat(told.getLast()).isEqualTo("nothing was found where it could be looked at");
  }

  @Test
  void aNodeThatIsOnIsLeftAlone() throws IOException {
    assertThat(undo("on", "false", "cat power", false)).isTrue();
    assertThat(told).containsExactly("nothing to clean up");
  }

  private boolean undo(String before, String on, String state, boolean dryRun) throws IOException {
    Path file = Files.writeString(folder.resolve("power"), before + "\n");
    Power power = new CommandPower(new PowerHook(List.of("false"), shell(on), shell(state)));
    Tally tally = new Tally(dryRun, told::add);
    try (VirtualTime time = new VirtualTime(0, Duration.ofDays(1));
        FakeApi api = new FakeApi(file);
        KubernetesClient probe = Connection.probe(api.kubeconfig(folder), null)) {
      new SwitchedOff(probe, "n1", power, time).undo(dryRun, tally);
    }
    return tally.clean();
  }

  private List<String> shell(String script) {
    return List.of("sh", "-c", "cd " + folder + " && " + script);
  }
}
