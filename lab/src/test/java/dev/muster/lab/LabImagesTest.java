package dev.muster.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.lab.host.ProcessId;
import dev.muster.lab.node.Image;
import dev.muster.lab.node.LabState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LabImagesTest {
  private final List<String> told = new ArrayList<>();
  private final List<String> loaded = new ArrayList<>();

  private LabImages images() {
    ProcessId self = ProcessId.of(ProcessHandle.current().pid());
    var state = new LabState("default", 0, "1.37.2", true, self, Map.of(), List.of(), Map.of());
    return new LabImages(new Lab(Path.of("labs/default"), state), told::add);
  }

  private LabImages.Store store(String node, boolean on, String... names) {
    return new LabImages.Store() {
      @Override
      public String node() {
        return node;
      }

      @Override
      public boolean on() {
        return on;
      }

      @Override
      public Set<String> names() {
        return Set.of(names);
      }

      @Override
      public void load(Path archive) {
        loaded.add(archive + " into " + node);
      }
    };
  }

  private static Image image(String name) {
    return new Image("muster.dev/" + name + ":1", Path.of(name + ".tar"), "0");
  }

  @Test
  void aNodeGetsWhatItLacksAndNothingElse() {
    images()
        .complete(
            List.of(image("agent"), image("prometheus")),
            List.of(
                store("node-1", true, "muster.dev/agent:1", "sha256:0"),
                store("node-2", true, "muster.dev/agent:1", "muster.dev/prometheus:1"),
                store("node-3", false)));
    assertThat(loaded).containsExactly("prometheus.tar into node-1");
    assertThat(told)
        .containsExactly(
            "node-3 is off: not loaded there",
            "loading muster.dev/prometheus:1 into node-1, which lacks it");
  }
}
