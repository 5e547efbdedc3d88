package dev.muster.observe.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.preflight.Odd;
import dev.muster.cluster.run.AgentPods;
import dev.muster.cluster.run.RunNamespace;
import dev.muster.drill.Drill;
import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.kind.KubeletStop;
import dev.muster.drill.kind.NetworkDelay;
import dev.muster.drill.kind.PodKill;
import dev.muster.drill.kind.ProcessKill;
import dev.muster.drill.kind.ProcessPause;
import dev.muster.drill.port.Effect;
import dev.muster.drill.time.RealTime;
import dev.muster.observe.effect.BootView;
import dev.muster.observe.effect.Effects;
import dev.muster.observe.watch.Milestones;
import dev.muster.observe.watch.ReadyCounts;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who watches and looks is not put off by objects that do not say what is usual. */
@EnableKubernetesMockClient(crud = true)
class OddObjectsTest {
  private static final Drill.Target TARGET = new Drill.Target("s", Map.of("app", "worker"), "");

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @BeforeEach
  void cluster() {
    client.getConfiguration().setRequestRetryBackoffLimit(0);
    Odd.pods().forEach(p -> client.resource(p).create());
    Odd.nodes().forEach(n -> client.resource(n).create());
  }

  @Test
  void strengthIsCountedAndWhatIsNotReadyIsNamed() {
    ReadyCounts readyBefore = ReadyCounts.now(client, TARGET);
    assertThat(readyBefore.pods()).isZero();
    assertThat(readyBefore.again(client)).isTrue();
    assertThat(readyBefore.nodes()).as("of those that are Ready").isEqualTo(2);
    assertThat(ReadyCounts.notReady(client, TARGET)).contains("pod pending is not Ready already");
  }

  @Test
  void replicasWithoutAPortOrANodeAreReplicas() {
    assertThat(new PodReplicas(client, "s", "worker", "client").now())
        .singleElement()
        .satisfies(r -> {
          assertThat(r.pod()).isEqualTo("starting");
          assertThat(r.ready()).isFalse();
        });
    assertThat(PodReplicas.places(client, "s").keySet())
        .extracting(ObjectRef.Pod::name)
        .contains("starting")
        .doesNotContain("pending", "pending-member", "null");
  }

  @Test
  void milestonesAreOfWhatIsSaid() {
    List<Event> events = new ArrayList<>();
    Milestones milestones =
        new Milestones(TARGET.labelSelectors(), () -> Instant.EPOCH, events::add, _ -> {});
    Odd.pods().forEach(milestones::pod);
    milestones.live();
    Odd.nodes().forEach(n -> milestones.victimNode(Pods.ref(n)));
    milestones.victimNode(new ObjectRef.Node("node-1", null));
    Odd.nodes().forEach(milestones::node);
    Odd.pods().forEach(milestones::pod);
    milestones.slice(
        Serialization.unmarshal(
            """
            metadata: {name: x, namespace: s, labels: null}
            endpoints: [{targetRef: {name: bare}, conditions: null}, {addresses: null}]
            """,
            EndpointSlice.class));
    Odd.pods().forEach(milestones::podGone);
    assertThat(events).isNotEmpty();
  }

  /** Each effect is made and asked; where it cannot be looked for, that is said in words. */
  @Test
  void effectsOfVictimsThatSayLittleAreLookedForOrRefusedInWords() throws InterruptedException {
    for (Pod pod : Odd.pods()) {
      for (FaultKind kind :
          List.of(
              new PodKill(Duration.ZERO, null),
              new ProcessKill(List.of(), null),
              new ProcessPause(List.of()))) {
        Effect effect = effect(kind, Pods.node(pod).orElse("bare"), Optional.of(pod));
        assertThatCode(
                () -> {
                  effect.before();
                  effect.seen();
                  effect.unseen();
                })
            .as("%s of %s", kind, Pods.name(pod))
            .doesNotThrowAnyException();
      }
    }
    for (Node node : Odd.nodes()) {
      String name = node.getMetadata().getName();
      assertThatThrownBy(() ->
              effect(
                  new NetworkDelay(Duration.ofMillis(100), Duration.ZERO), name, Optional.empty()))
          .isInstanceOf(ClusterException.class)
          .hasMessageStartingWith("node " + name + " has no InternalIP");
      assertThat(new BootView(client, name).seen()).isEmpty();
      assertThat(effect(new KubeletStop(), name, Optional.empty()).seen()).isEmpty();
    }
  }

  private Effect effect(FaultKind kind, String node, Optional<Pod> victim) {
    RunNamespace none = new RunNamespace(client, "r", "a:1", RealTime.TIME);
    return new Effects(client, new AgentPods(client, client, none), RealTime.TIME, "m", List.of())
        .of(kind, "f", node, victim, List.of());
  }
}
