package dev.muster.cluster.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.fault.AgentArguments;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.SettingsSeen;
import dev.muster.cluster.object.Snapshot;
import dev.muster.cluster.preflight.PreflightTable.Topic;
import dev.muster.cluster.select.Selection;
import dev.muster.drill.Drill;
import dev.muster.timeline.Event;
import dev.muster.wire.DeedSpec;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A cluster in which one object is not as usual: a drill on the rest of it goes on, and what lives
 * nowhere is neither lost nor moved.
 */
@EnableKubernetesMockClient(crud = true)
class OddObjectsTest {
  private static final Drill SHUTDOWN =
      Stage.drill("{kind: NodeShutdown, selector: {nodes: [node-3]}, duration: 1m, ttl: 2m}");

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  static Stream<Pod> pods() {
    return Odd.pods().stream();
  }

  static Stream<Node> nodes() {
    return Odd.nodes().stream();
  }

  private static Stage stage() {
    return Stage.ofThree()
        .pod("w1", "worker", "node-1")
        .pod("w2", "worker", "node-2")
        .pod("w3", "worker", "node-3")
        .workload("worker", "Deployment", 3)
        .budget("workers", "worker", 1);
  }

  /** The loss of another node is planned as if the odd pod were not there. */
  @ParameterizedTest
  @MethodSource("pods")
  void aPodThatSaysLittleChangesNothingForANodeThatItIsNotOn(Pod odd) {
    assertThat(plan(stage().pod(odd).snapshot())).isEqualTo(plan(stage().snapshot()));
  }

  private static String plan(Snapshot snapshot) {
    Set<String> lost = Set.of("node-3");
    Headroom room = Headroom.of(snapshot, lost, Map.of());
    return PreflightTable.of(snapshot, lost, Map.of(), room, Set.of()).text();
  }

  @ParameterizedTest
  @MethodSource("pods")
  void aPodThatSaysLittleIsPlannedForOnItsOwnNodeToo(Pod odd) {
    Snapshot snapshot = stage().pod(odd).snapshot();
    Set<String> lost = Set.of("node-1", "node-2");
    var table =
        PreflightTable.of(
            snapshot, lost, Map.of(), Headroom.of(snapshot, lost, Map.of()), Set.of());
    long here =
        table.rows().stream()
            .filter(r -> r.topic() == Topic.WORKLOAD || r.topic() == Topic.NOT_REPLACED)
            .mapToInt(r -> r.lost() == null ? 0 : r.lost())
            .sum();
    assertThat(here).isEqualTo(Pods.on(odd, lost) ? 3 : 2);
  }

  @ParameterizedTest
  @MethodSource("pods")
  void aPodThatSaysLittleKeepsNobodyFromBeingChosen(Pod odd) {
    Snapshot snapshot = stage().pod(odd).snapshot();
    assertThat(nodes(SHUTDOWN, snapshot)).containsExactly("node-3");
    for (String fault :
        List.of(
            "{kind: NodeShutdown, duration: 1m, ttl: 2m}",
            "{kind: CpuStress, mode: all, selector: {hosting: worker}, duration: 1m, ttl: 2m}",
            "{kind: CpuStress, mode: all, selector: {labelSelectors: {app: worker}}, duration: 1m,"
                + " ttl: 2m}")) {
      assertThat(nodes(Stage.drill(fault), snapshot))
          .as(fault)
          .isNotEmpty()
          .isSubsetOf("node-1", "node-2", "node-3", "a-node-that-is-gone");
    }
    Drill policy =
        Stage.drill(
            "{kind: NetworkPolicy, mode: all, selector: {labelSelectors: {app: worker}}, duration:"
                + " 1m, ttl: 2m, peerSelector: {labelSelectors: {app: worker}}}");
    Selection selection = new Selection(policy, snapshot);
    var fault = policy.faults().getFirst();
    assertThat(selection.pods(fault, Selection.chance(policy, fault)))
        .extracting(Pods::name)
        .contains("w1", "w2", "w3");
    assertThat(selection.peers(fault)).extracting(Pods::name).containsExactly("w1", "w2", "w3");
  }

  @ParameterizedTest
  @MethodSource("nodes")
  void aNodeThatSaysLittleIsNoRoomForOthersAndNoTrouble(Node odd) {
    Snapshot snapshot = stage().node(odd).snapshot();
    assertThat(plan(snapshot)).isEqualTo(plan(stage().snapshot()));
    assertThat(nodes(SHUTDOWN, snapshot)).containsExactly("node-3");
  }

  private static List<String> nodes(Drill drill, Snapshot snapshot) {
    var fault = drill.faults().getFirst();
    return new Selection(drill, snapshot).nodes(fault, Selection.chance(drill, fault));
  }

  @Test
  void settingsAreReadFromPodsThatSayLittle() {
    Odd.pods().forEach(p -> client.resource(p).create());
    List<Event> seen = new ArrayList<>();
    new SettingsSeen(client, SHUTDOWN.target(), () -> Instant.EPOCH, seen::add).write(Map.of());
    assertThat(seen).isNotEmpty();
    assertThat(SettingsSeen.graceDefault("")).doesNotContain("null");
    assertThat(SettingsSeen.graceDefault("31+")).isEqualTo("40s (default of 1.31)");
  }

  @Test
  void anAgentIsNotToldOfNodesWithoutAnAddress() {
    Odd.nodes().forEach(n -> client.resource(n).create());
    for (String node : List.of("n1", "n2")) {
      client
          .resource(
              io.fabric8.kubernetes.client.utils.Serialization.unmarshal(
                  """
                  apiVersion: v1
                  kind: Node
                  metadata: {name: %s}
                  spec: {podCIDRs: [10.244.%s.0/24]}
                  status: {addresses: [{type: InternalIP, address: 10.0.0.%s}]}
                  """
                      .formatted(node, node.substring(1), node.substring(1)),
                  Node.class))
          .create();
    }
    var arguments = new AgentArguments(client, client);
    var cut =
        Stage.drill("{kind: NodeNetwork, peers: nodes, duration: 1m, ttl: 2m}").faults().getFirst();
    assertThat(arguments.of(cut.kind(), "n1", Optional.empty()))
        .isEqualTo(
            new DeedSpec.NodeNetwork(
                "10.0.0.1", DeedSpec.Direction.BOTH, List.of("10.0.0.2", "10.244.2.0/24")));
    assertThatThrownBy(() -> arguments.of(cut.kind(), "virtual", Optional.empty()))
        .isInstanceOf(ClusterException.class)
        .hasMessage("node virtual has no IPv4 InternalIP");
    var stress = Stage.drill("{kind: CpuStress, duration: 1m, ttl: 2m}").faults().getFirst();
    assertThat(
            ((DeedSpec.CpuStress) arguments.of(stress.kind(), "bare", Optional.empty())).workers())
        .isEqualTo(1);
  }
}
