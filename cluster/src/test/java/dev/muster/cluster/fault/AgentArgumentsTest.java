package dev.muster.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.drill.field.Amount;
import dev.muster.drill.kind.CpuStress;
import dev.muster.drill.kind.DiskFill;
import dev.muster.drill.kind.DnsFailure;
import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.kind.FaultKind.Direction;
import dev.muster.drill.kind.FaultKind.Place;
import dev.muster.drill.kind.KubeletStop;
import dev.muster.drill.kind.MemoryStress;
import dev.muster.drill.kind.NetworkDelay;
import dev.muster.drill.kind.NetworkLoss;
import dev.muster.drill.kind.NodeNetwork;
import dev.muster.drill.kind.NodeNetwork.Peers;
import dev.muster.drill.kind.ProcessKill;
import dev.muster.drill.kind.ProcessPause;
import dev.muster.wire.DeedSpec;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class AgentArgumentsTest {
  private static final long MEBI = 1 << 20;
  private static final Amount PRESSURE = new Amount(null, null);

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  @BeforeEach
  void nodes() {
    node("n1", "10.0.0.1", "10.244.1.0/24");
    node("n2", "10.0.0.2", "10.244.2.0/24, 'fd00:2::/64'");
    node("n3", "10.0.0.3", "10.244.3.0/24");
  }

  @Test
  void everyFaultOfEveryRunHasAnIdOfItsOwn() {
    Set<String> ids = new HashSet<>();
    for (String run : List.of("20260101-a", "20260101-b")) {
      for (int n = 0; n < 50; n++) {
        ids.add(AgentArguments.id(run, "fault-" + n));
      }
    }
    assertThat(ids).hasSize(100).allSatisfy(id -> assertThat(id).matches("[0-9a-f]{8}"));
    assertThat(deed(new KubeletStop())).isEqualTo(new DeedSpec.KubeletStop());
  }

  @Test
  void anIdIsKnownToBeOfItsRun() {
    String id = AgentArguments.id("20260101-a", AgentArguments.fault(7));
    assertThat(AgentArguments.ofRun("20260101-a", id)).isTrue();
    assertThat(AgentArguments.ofRun("20260101-b", id)).isFalse();
    assertThat(AgentArguments.ofRun("20260101-a", "something else")).isFalse();
  }

  @Test
  void peersAreToldByTheirAddresses() {
    assertThat(deed(cut(Peers.ALL))).isEqualTo(cutFrom());
    assertThat(deed(cut(Peers.NODES)))
        .isEqualTo(cutFrom("10.0.0.2", "10.244.2.0/24", "10.0.0.3", "10.244.3.0/24"));
    assertThat(deed(new NodeNetwork(Peers.CIDRS, List.of("10.9.0.0/16"), Direction.TO)))
        .isEqualTo(
            new DeedSpec.NodeNetwork("10.0.0.1", DeedSpec.Direction.TO, List.of("10.9.0.0/16")));
  }

  @Test
  void theControlPlaneIsWhereTheApiServersAre() {
    assertThatThrownBy(() -> deed(cut(Peers.CONTROL_PLANE)))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("names no address of an API server");
    apiServers();
    assertThat(deed(cut(Peers.CONTROL_PLANE))).isEqualTo(cutFrom("10.0.0.9", "10.0.0.8"));
  }

  private void apiServers() {
    client
        .resource(
            read(
                """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: kubernetes, namespace: default, labels: {kubernetes.io/service-name: kubernetes}}
                addressType: IPv4
                endpoints: [{addresses: [10.0.0.9]}, {addresses: [10.0.0.8]}]
                """,
                EndpointSlice.class))
        .create();
  }

  @Test
  void theOtherZonesAreAllNodesButThoseOfItsOwnAndTheControlPlane() {
    apiServers();
    assertThatThrownBy(() -> deed(cut(Peers.OTHER_ZONES)))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("node n1 has no label topology.kubernetes.io/zone");
    zone("n1", "a");
    zone("n2", "a");
    assertThat(deed(cut(Peers.OTHER_ZONES)))
        .isEqualTo(cutFrom("10.0.0.3", "10.244.3.0/24", "10.0.0.9", "10.0.0.8"));
    zone("n3", "b");
    assertThat(deed(cut(Peers.OTHER_ZONES)))
        .isEqualTo(cutFrom("10.0.0.3", "10.244.3.0/24", "10.0.0.9", "10.0.0.8"));
    // where the network plugin keeps ranges of its own, pods are told one by one
    podOf("stray", "n3", "10.99.0.7");
    podOf("known", "n3", "10.244.3.7");
    podOf("own", "n2", "10.99.0.8");
    assertThat(deed(cut(Peers.OTHER_ZONES)))
        .isEqualTo(cutFrom("10.0.0.3", "10.244.3.0/24", "10.99.0.7", "10.0.0.9", "10.0.0.8"));
    zone("n3", "a");
    assertThatThrownBy(() -> deed(cut(Peers.OTHER_ZONES)))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("all nodes are in zone a");
  }

  private void podOf(String name, String node, String address) {
    client
        .resource(
            read(
                "metadata: {name: %s, namespace: s}\nspec: {nodeName: %s}\nstatus: {podIP: %s}"
                    .formatted(name, node, address),
                Pod.class))
        .create();
  }

  private void zone(String node, String zone) {
    client
        .nodes()
        .withName(node)
        .edit(n ->
            n.edit()
                .editMetadata()
                .addToLabels("topology.kubernetes.io/zone", zone)
                .endMetadata()
                .build());
  }

  @Test
  void aNodeThatIsGoneIsSaid() {
    assertThatThrownBy(
            () -> new AgentArguments(client, client).of(new DnsFailure(), "n9", Optional.empty()))
        .isInstanceOf(ClusterException.class)
        .hasMessage("node n9 is gone");
  }

  @Test
  void memoryUntilPressureLeavesMostOfTheEvictionThreshold() {
    kubelet(1000, 3000, "memory.available", "100Mi");
    assertThat(bytes(memory(PRESSURE))).isEqualTo(withoutPageTables(2930));
    kubelet(1000, 3000, "memory.available", "10%");
    assertThat(bytes(memory(PRESSURE))).isEqualTo(withoutPageTables(2720));
    // room for the undo, however small the threshold is
    kubelet(1000, 3000, "memory.available", "8Mi");
    assertThat(bytes(memory(PRESSURE))).isEqualTo(withoutPageTables(2984));
  }

  @Test
  void aShareOfTheMemoryCountsWhatIsInUse() {
    kubelet(1000, 3000, "memory.available", "100Mi");
    assertThat(bytes(memory(new Amount(null, 75)))).isBetween(1999 * MEBI, 2000 * MEBI);
    assertThat(bytes(memory(new Amount(512 * MEBI, null)))).isEqualTo(512 * MEBI);
    assertThatThrownBy(() -> deed(memory(new Amount(null, 25))))
        .isInstanceOf(ClusterException.class)
        .hasMessage("node n1 has 1000 of 4000 MiB in use: nothing is left to take");
  }

  @Test
  void aKubeletWithoutThresholdNeverReportsPressure() {
    kubelet(1000, 3000, "nodefs.available", "10%");
    assertThatThrownBy(() -> deed(memory(PRESSURE)))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("no hard eviction threshold for memory.available");
    assertThat(deed(new DiskFill(PRESSURE))).isEqualTo(new DeedSpec.DiskFill(0, 0, 700 * MEBI));
    assertThat(deed(new DiskFill(new Amount(7L, null)))).isEqualTo(new DeedSpec.DiskFill(7, 0, 0));
    assertThat(deed(new DiskFill(new Amount(null, 90)))).isEqualTo(new DeedSpec.DiskFill(0, 90, 0));
  }

  @Test
  void aKubeletThatTellsNothingIsSaid() {
    assertThatThrownBy(() -> deed(memory(PRESSURE)))
        .isInstanceOf(ClusterException.class)
        .hasMessage("the kubelet of n1 tells no usage");
  }

  @Test
  void ofAPodItIsAShareOfItsContainersLimit() {
    kubelet(1000, 3000, "memory.available", "100Mi");
    assertThat(bytes(podMemory(50, "main"), pod())).isBetween(499 * MEBI, 500 * MEBI);
    assertThat(bytes(podMemory(50), pod())).isBetween(499 * MEBI, 500 * MEBI);
    // no limit: of the node's memory
    assertThat(bytes(podMemory(50, "side"), pod())).isBetween(999 * MEBI, 1000 * MEBI);
  }

  @Test
  void containersAreToldByTheIdsOfTheirRuntime() {
    assertThat(deed(new ProcessKill(List.of(), null), pod()))
        .isEqualTo(new DeedSpec.ProcessKill(List.of("abc123")));
    assertThat(deed(new ProcessPause(List.of("side", "main")), pod()))
        .isEqualTo(new DeedSpec.ProcessPause(List.of("def456", "abc123")));
    assertThatThrownBy(() -> deed(new ProcessKill(List.of("mian"), null), pod()))
        .isInstanceOf(ClusterException.class)
        .hasMessage("pod w1 has no container mian; it has [main, side, late, odd]");
    assertThatThrownBy(() -> deed(new ProcessPause(List.of("late")), pod()))
        .isInstanceOf(ClusterException.class)
        .hasMessage("container late of pod w1 does not run");
    // an empty id would be that of every process
    assertThatThrownBy(() -> deed(new ProcessPause(List.of("odd")), pod()))
        .isInstanceOf(ClusterException.class)
        .hasMessage("container odd of pod w1 does not run");
  }

  @Test
  void aWorkerForEachCpuUnlessTheDrillSaysOtherwise() {
    assertThat(deed(new CpuStress(80, 0, Place.NODE, List.of())))
        .isEqualTo(new DeedSpec.CpuStress(4, 80, ""));
    assertThat(deed(new CpuStress(80, 3, Place.POD, List.of()), pod()))
        .isEqualTo(new DeedSpec.CpuStress(3, 80, "abc123"));
  }

  @Test
  void packetsAreDelayedAndLostAsTheFileSays() {
    assertThat(deed(new NetworkDelay(Duration.ofMillis(200), Duration.ofMillis(50))))
        .isEqualTo(
            new DeedSpec.NetworkDelay("10.0.0.1", Duration.ofMillis(200), Duration.ofMillis(50)));
    assertThat(deed(new NetworkLoss(12.5))).isEqualTo(new DeedSpec.NetworkLoss("10.0.0.1", 12.5));
  }

  private static FaultKind cut(Peers peers) {
    return new NodeNetwork(peers, List.of(), Direction.BOTH);
  }

  private static FaultKind memory(Amount amount) {
    return new MemoryStress(amount, Place.NODE, List.of());
  }

  private static FaultKind podMemory(int percent, String... containers) {
    return new MemoryStress(new Amount(null, percent), Place.POD, List.of(containers));
  }

  private static DeedSpec cutFrom(String... peers) {
    return new DeedSpec.NodeNetwork("10.0.0.1", DeedSpec.Direction.BOTH, List.of(peers));
  }

  /** By the name that it has in the drill file as well. */
  private DeedSpec deed(FaultKind kind, Optional<Pod> pod) {
    DeedSpec deed = new AgentArguments(client, client).of(kind, "n1", pod);
    assertThat(deed.kind()).isEqualTo(kind.word());
    return deed;
  }

  private DeedSpec deed(FaultKind kind) {
    return deed(kind, Optional.empty());
  }

  private DeedSpec deed(FaultKind kind, Pod pod) {
    return deed(kind, Optional.of(pod));
  }

  private long bytes(FaultKind kind) {
    return ((DeedSpec.MemoryStress) deed(kind)).bytes();
  }

  private long bytes(FaultKind kind, Pod pod) {
    return ((DeedSpec.MemoryStress) deed(kind, pod)).bytes();
  }

  /** A node of so many MiB of memory in use and free, and of 10000 MiB of disk. */
  private void kubelet(long used, long free, String signal, String threshold) {
    server.reset();
    nodes();
    answer(
        "/stats/summary",
        """
        {"node": {"cpu": {"usageNanoCores": 1}, "memory": {"workingSetBytes": %d, "availableBytes": %d},
          "fs": {"availableBytes": 1, "capacityBytes": %d}}}
        """
            .formatted(used * MEBI, free * MEBI, 10_000 * MEBI));
    answer(
        "/configz",
        "{\"kubeletconfig\": {\"evictionHard\": {\"%s\": \"%s\"}}}".formatted(signal, threshold));
  }

  private void answer(String path, String json) {
    server.expect().get().withPath("/api/v1/nodes/n1/proxy" + path).andReturn(200, json).always();
  }

  private void node(String name, String address, String ranges) {
    client
        .resource(
            read(
                """
                apiVersion: v1
                kind: Node
                metadata: {name: %s}
                spec: {podCIDRs: [%s]}
                status:
                  capacity: {cpu: "4"}
                  addresses: [{type: Hostname, address: x}, {type: InternalIP, address: 'fd00::1'}, {type: InternalIP, address: %s}]
                """
                    .formatted(name, ranges, address),
                Node.class))
        .createOr(r -> r.update());
  }

  private static Pod pod() {
    return read(
        """
        metadata: {name: w1, namespace: s}
        spec:
          containers:
            - {name: main, resources: {limits: {memory: 1000Mi}}}
            - {name: side}
            - {name: late}
            - {name: odd}
        status:
          containerStatuses:
            - {name: main, containerID: 'containerd://abc123'}
            - {name: side, containerID: 'cri-o://def456'}
            - {name: late}
            - {name: odd, containerID: 'containerd://'}
        """,
        Pod.class);
  }

  private static <T> T read(String yaml, Class<T> type) {
    return Serialization.unmarshal(yaml, type);
  }

  /** One page in 512 is the kernel's, to find the others. */
  private static long withoutPageTables(long mebi) {
    return mebi * MEBI / 512 * 511;
  }
}
