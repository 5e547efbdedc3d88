package dev.muster.observe.watch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.run.AgentPods;
import dev.muster.cluster.run.RunNamespace;
import dev.muster.drill.field.Amount;
import dev.muster.drill.field.LlmFailure;
import dev.muster.drill.kind.CpuStress;
import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.kind.KubeletStop;
import dev.muster.drill.kind.LlmFault;
import dev.muster.drill.kind.MemoryStress;
import dev.muster.drill.kind.NodeShutdown;
import dev.muster.drill.kind.PodKill;
import dev.muster.drill.kind.ProcessPause;
import dev.muster.drill.port.Effect;
import dev.muster.drill.time.RealTime;
import dev.muster.hostile.HostileApi;
import dev.muster.observe.effect.Effects;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A right that is taken away in mid-run, a token that expires: whoever asks through the API server
 * learns nothing then. It is neither silence of a node or pod, nor an answer of theirs.
 */
@Timeout(60)
class RefusedLooksTest {
  private HostileApi api;
  private KubernetesClient client;

  private final Pod pod =
      new PodBuilder()
          .withNewMetadata()
          .withNamespace("s")
          .withName("w")
          .withUid("u")
          .endMetadata()
          .withNewSpec()
          .withNodeName("n1")
          .addNewContainer()
          .withName("c")
          .addNewPort()
          .withContainerPort(8080)
          .endPort()
          .endContainer()
          .endSpec()
          .withNewStatus()
          .withPodIP("10.0.0.9")
          .addNewCondition()
          .withType("Ready")
          .withStatus("True")
          .endCondition()
          .endStatus()
          .build();

  @BeforeEach
  void cluster() throws IOException {
    api = new HostileApi();
    api.put(pod);
    client = ListWatchTest.client(api, Duration.ofSeconds(20));
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    api.close();
  }

  static Stream<FaultKind> looked() {
    return Stream.of(
        new NodeShutdown(false),
        new KubeletStop(),
        new CpuStress(100, 1, FaultKind.Place.NODE, List.of()),
        new MemoryStress(new Amount(1L << 30, null), FaultKind.Place.NODE, List.of()),
        new ProcessPause(List.of()),
        new LlmFault(LlmFailure.STUCK_DECODE, 0, 5, "faults", null),
        new PodKill(Duration.ZERO, null));
  }

  private Effect effect(FaultKind kind) {
    AgentPods pods =
        new AgentPods(client, client, new RunNamespace(client, "r", "image", RealTime.TIME));
    return new Effects(client, pods, RealTime.TIME, "m", List.of())
        .of(kind, "f", "n1", kind.ofPods() ? Optional.of(pod) : Optional.empty(), List.of());
  }

  @ParameterizedTest
  @MethodSource("looked")
  void aRightThatIsTakenAway(FaultKind kind) throws InterruptedException {
    Effect effect = effect(kind);
    api.when(
        "GET .*",
        HostileApi.fails(403, "nodes \"n1\" is forbidden: User \"u\" cannot get resource"));
    refused(effect, "is forbidden", "muster rbac");
  }

  @ParameterizedTest
  @MethodSource("looked")
  void aTokenThatExpires(FaultKind kind) throws InterruptedException {
    Effect effect = effect(kind);
    api.when("GET .*", HostileApi.fails(401, "Unauthorized"));
    refused(effect, "401 Unauthorized");
  }

  private static void refused(Effect effect, String... words) throws InterruptedException {
    assertThatThrownBy(effect::seen)
        .isInstanceOf(ClusterException.class)
        .hasMessageContainingAll(words);
    if (effect.lasts()) {
      assertThatThrownBy(effect::before)
          .isInstanceOf(ClusterException.class)
          .hasMessageContainingAll(words);
      assertThatThrownBy(effect::again)
          .isInstanceOf(ClusterException.class)
          .hasMessageContainingAll(words);
    }
  }
}
