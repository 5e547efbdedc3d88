package dev.muster.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.lab.node.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddOnsTest {
  @TempDir Path folder;

  /** What a drill of zones disturbs is the service, not what every pod needs. */
  @ParameterizedTest
  @ValueSource(strings = {"addons.yaml", "ingress.yaml"})
  void theLabsOwnReplicasOutliveAZone(String resource) throws IOException {
    String all = Files.readString(Template.write(resource, Map.of(), folder.resolve(resource)));
    assertThat(Arrays.stream(all.split("\n---\n")).filter(o -> o.contains("kind: Deployment\n")))
        .singleElement()
        .asString()
        .contains("topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule")
        .contains("topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway")
        .containsPattern("node.kubernetes.io/not-ready, .*tolerationSeconds: 30}")
        .containsPattern("node.kubernetes.io/unreachable, .*tolerationSeconds: 30}");
  }
}
