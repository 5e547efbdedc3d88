package dev.muster.chaosmesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.kind.Kinds;
import dev.muster.source.SourceTree;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentTest {

  @ParameterizedTest
  @ValueSource(strings = {"NetworkPolicy", "CpuStress", "MemoryStress", "ProcessKill", "PodKill"})
  void aFaultMustLastAsLongAsThatOfADrill(String kind) {
    FaultYaml inPod = FaultYaml.accepted(SourceTree.of("{in: pod}", "f"), "");
    assertThat(Experiment.shortest(kind))
        .isEqualTo(Kinds.named(kind).orElseThrow().shortest().apply(inPod));
  }
}
