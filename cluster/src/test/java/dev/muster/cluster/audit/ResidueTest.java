package dev.muster.cluster.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.connect.Connection;
import dev.muster.cluster.connect.Limits;
import dev.muster.cluster.fault.AgentArguments;
import dev.muster.cluster.fault.Cordon;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.RolledOut;
import dev.muster.cluster.object.WorkloadMark;
import dev.muster.cluster.object.Workloads;
import dev.muster.drill.time.RealTime;
import dev.muster.hostile.HostileApi;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@EnableKubernetesMockClient(crud = true)
@Timeout(60)
class ResidueTest {
  /** Of a fault of run 1, and of another's. */
  private static final String MARK = AgentArguments.id("1", AgentArguments.fault(3));

  private static final String ANOTHERS = AgentArguments.id("2", AgentArguments.fault(3));
  private static final String OURS = "app.kubernetes.io/managed-by: muster, muster.dev/run: ";

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  @BeforeEach
  void strangers() {
    make("v1", "Pod", "s", "worker", "app: worker, app.kubernetes.io/managed-by: Helm");
    make("networking.k8s.io/v1", "NetworkPolicy", "s", "default-deny", "app: worker");
    make("batch/v1", "Job", "s", "backup", "muster.dev/run: x");
    make("v1", "Namespace", "", "muster-of-a-person", "team: muster");
  }

  @Test
  void strangersAreNoResidueAndSurviveEverything() throws InterruptedException {
    assertThat(new Residue(client, null, RealTime.TIME).look()).isEmpty();
    assertThat(new Residue(client, null, RealTime.TIME).remove()).isTrue();
    assertThat(client.pods().inNamespace("s").list().getItems()).hasSize(1);
    assertThat(client.network().v1().networkPolicies().inNamespace("s").list().getItems())
        .hasSize(1);
    assertThat(client.batch().v1().jobs().inNamespace("s").list().getItems()).hasSize(1);
    assertThat(client.namespaces().withName("muster-of-a-person").get()).isNotNull();
  }

  @Test
  void whatIsLabelledIsFoundByItsKindAndRemoved() throws InterruptedException {
    ours("1");
    assertThat(new Residue(client, null, RealTime.TIME).look())
        .containsExactlyInAnyOrder(
            "networkpolicy s/muster-1",
            "job s/muster-1",
            "pod muster-1/fault-1",
            "namespace muster-1");
    assertThat(new Residue(client, null, RealTime.TIME).remove()).isTrue();
    assertThat(new Residue(client, null, RealTime.TIME).look()).isEmpty();
  }

  @Test
  void aRunRemovesWhatIsItsOwn() throws InterruptedException {
    ours("1");
    ours("2");
    assertThat(new Residue(client, "1", RealTime.TIME).look())
        .hasSize(4)
        .allMatch(line -> line.contains("1"));
    assertThat(new Residue(client, "1", RealTime.TIME).remove()).isTrue();
    assertThat(new Residue(client, "1", RealTime.TIME).look()).isEmpty();
    assertThat(new Residue(client, null, RealTime.TIME).look())
        .hasSize(4)
        .allMatch(line -> line.contains("2"));
  }

  @Test
  void theLabelOfAFaultIsTakenFromTheStrangersPodAndThePodStays() throws InterruptedException {
    make("v1", "Pod", "s", "victim", "app: worker, muster.dev/fault: 0a1b2c3d");
    assertThat(new Residue(client, null, RealTime.TIME).look())
        .containsExactly("label muster.dev/fault on pod/s/victim");
    assertThat(new Residue(client, null, RealTime.TIME).remove()).isTrue();
    assertThat(Pods.labels(client.pods().inNamespace("s").withName("victim").get()))
        .containsEntry("app", "worker")
        .doesNotContainKey("muster.dev/fault");
    assertThat(new Residue(client, null, RealTime.TIME).look()).isEmpty();
  }

  /** As after a kill -9: the label says whose the cordon is. */
  @Test
  void aNodeThatAFaultCordonedIsUncordonedAndOneOfAStrangerStays() throws InterruptedException {
    node("n1", "zone: a, muster.dev/fault: '" + MARK + "'", "true");
    node("n2", "zone: b", "true");
    node("n3", "zone: c, muster.dev/fault: '" + MARK + "'", "null");
    assertThat(new Residue(client, "1", RealTime.TIME).look())
        .containsExactlyInAnyOrder(
            "label muster.dev/fault on node n1, which is cordoned",
            "label muster.dev/fault on node n3");
    assertThat(new Residue(client, "1", RealTime.TIME).remove()).isTrue();
    assertThat(new Residue(client, null, RealTime.TIME).look()).isEmpty();
    assertThat(client.nodes().list().getItems())
        .allSatisfy(n ->
            assertThat(Pods.labels(n)).containsKey("zone").doesNotContainKey("muster.dev/fault"))
        .filteredOn(Cordon::on)
        .extracting(n -> n.getMetadata().getName())
        .containsExactly("n2");
  }

  /** Who only looks removes the pods that looked, and nothing else. */
  @Test
  void whatAFaultDidToOthersStaysWhereOnlyObjectsAreRemoved() throws InterruptedException {
    ours("1");
    node("n1", "muster.dev/fault: '" + MARK + "'", "true");
    make("v1", "Pod", "s", "victim", "app: worker, muster.dev/fault: '" + MARK + "'");
    assertThat(new Residue(client, "1", RealTime.TIME).removeObjects()).isTrue();
    assertThat(new Residue(client, "1", RealTime.TIME).look())
        .containsExactlyInAnyOrder(
            "label muster.dev/fault on pod/s/victim",
            "label muster.dev/fault on node n1, which is cordoned");
  }

  @Test
  void whatAFaultChangedOfAWorkloadIsPutBackAndTheWorkloadStays() throws InterruptedException {
    for (HasMetadata each :
        List.of(RolledOut.deployment("worker", 3), RolledOut.statefulSet("group", 3, "{}"))) {
      HasMetadata made = client.resource(each).create();
      Workloads.edit(
          client,
          Workloads.ref(made),
          w -> WorkloadMark.put(w, MARK, Map.of(WorkloadMark.REPLICAS, "1")));
    }
    assertThat(new Residue(client, null, RealTime.TIME).look())
        .containsExactlyInAnyOrder(
            "what a fault changed of Deployment/s/worker",
            "what a fault changed of StatefulSet/s/group");
    assertThat(new Residue(client, "1", RealTime.TIME).remove()).isTrue();
    assertThat(Workloads.all(client))
        .hasSize(2)
        .allMatch(w -> Workloads.replicas(w) == 3)
        .allMatch(w -> WorkloadMark.of(w).isEmpty());
    assertThat(new Residue(client, null, RealTime.TIME).look()).isEmpty();
  }

  /** {@code kubectl rollout undo} puts an older ReplicaSet's annotations in their place. */
  @Test
  void whatNobodyKnowsHowToPutBackIsToldAndKeepsNothingElse() throws InterruptedException {
    HasMetadata made = client.resource(RolledOut.deployment("worker", 3)).create();
    Workloads.edit(
        client,
        Workloads.ref(made),
        w -> {
          WorkloadMark.put(w, MARK, Map.of(WorkloadMark.REPLICAS, "1"));
          w.getMetadata().getAnnotations().clear();
        });
    node("n1", "zone: a, muster.dev/fault: '" + MARK + "'", "true");
    assertThat(new Residue(client, "1", RealTime.TIME).remove()).isFalse();
    assertThat(new Residue(client, "1", RealTime.TIME).look())
        .singleElement()
        .asString()
        .startsWith("Deployment/s/worker has the label muster.dev/fault=" + MARK)
        .contains("put it back by hand");
  }

  /** A drill that goes on while another's remains are cleaned needs what it has done. */
  @Test
  void whatTheFaultsOfAnotherRunDidIsNotTakenBack() throws InterruptedException {
    node("n1", "muster.dev/fault: '" + ANOTHERS + "'", "true");
    make("v1", "Pod", "s", "victim", "muster.dev/fault: '" + ANOTHERS + "'");
    HasMetadata made = client.resource(RolledOut.deployment("worker", 3)).create();
    Workloads.edit(
        client,
        Workloads.ref(made),
        w -> WorkloadMark.put(w, ANOTHERS, Map.of(WorkloadMark.REPLICAS, "1")));
    assertThat(new Residue(client, "1", RealTime.TIME).look()).isEmpty();
    assertThat(new Residue(client, "1", RealTime.TIME).remove()).isTrue();
    assertThat(new Residue(client, null, RealTime.TIME).look())
        .containsExactlyInAnyOrder(
            "label muster.dev/fault on node n1, which is cordoned",
            "label muster.dev/fault on pod/s/victim",
            "what a fault changed of Deployment/s/worker");
    assertThat(Workloads.all(client)).allMatch(w -> Workloads.replicas(w) == 1);
    assertThat(new Residue(client, null, RealTime.TIME).remove()).isTrue();
    assertThat(new Residue(client, null, RealTime.TIME).look()).isEmpty();
  }

  @Test
  @Timeout(30)
  void whatMayNotBeTouchedKeepsNothingElseFromItsEnd() throws InterruptedException {
    ours("1");
    node("n1", "muster.dev/fault: '" + MARK + "'", "true");
    node("n2", "muster.dev/fault: '" + MARK + "'", "true");
    make("v1", "Pod", "s", "victim", "muster.dev/fault: '" + MARK + "'");
    server
        .expect()
        .patch()
        .withPath("/api/v1/nodes/n1")
        .andReturn(403, new StatusBuilder().withCode(403).build())
        .always();
    assertThat(new Residue(client, "1", RealTime.TIME).remove()).isFalse();
    assertThat(new Residue(client, "1", RealTime.TIME).look())
        .containsExactly("label muster.dev/fault on node n1, which is cordoned");
  }

  @Test
  void whatIsRefusedForAMomentKeepsNothingElseFromItsEnd() throws InterruptedException {
    node("n1", "muster.dev/fault: '" + MARK + "'", "true");
    node("n2", "muster.dev/fault: '" + MARK + "'", "true");
    server
        .expect()
        .patch()
        .withPath("/api/v1/nodes/n1")
        .andReturn(422, new StatusBuilder().withCode(422).build())
        .always();
    assertThat(new Residue(client, "1", RealTime.TIME).remove(Duration.ofSeconds(1))).isFalse();
    assertThat(client.nodes().withName("n2").get())
        .satisfies(n -> assertThat(Cordon.on(n)).isFalse());
  }

  /** It is one of ours that carries it: it goes with its label. */
  @Test
  void aProbeWithTheLabelOfAFaultIsRemovedAltogether() throws InterruptedException {
    make("v1", "Pod", "s", "fault-1-probe", OURS + "'1', muster.dev/fault: 0a");
    assertThat(new Residue(client, null, RealTime.TIME).look())
        .containsExactly("pod s/fault-1-probe");
    assertThat(new Residue(client, "1", RealTime.TIME).remove()).isTrue();
    assertThat(new Residue(client, null, RealTime.TIME).look()).isEmpty();
  }

  @Test
  @Timeout(30)
  void whoMayNotLookIsToldSoAtOnce() throws InterruptedException {
    server
        .expect()
        .get()
        .withPath(
            "/apis/networking.k8s.io/v1/networkpolicies?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dmuster&limit=500")
        .andReturn(403, new StatusBuilder().withCode(403).build())
        .always();
    assertThat(new Residue(client, null, RealTime.TIME).remove()).isFalse();
  }

  @Test
  void aServerThatHangsIsGivenUp(@TempDir Path folder) throws Exception {
    try (HostileApi api = new HostileApi();
        KubernetesClient hung =
            Connection.open(
                api.kubeconfig(folder),
                null,
                new Limits(Duration.ofSeconds(1), 0, Duration.ZERO))) {
      api.when("GET .*", api.hangs());
      assertThat(new Residue(hung, "1", RealTime.TIME).remove(Duration.ofMillis(100))).isFalse();
    }
  }

  private void ours(String run) {
    make("networking.k8s.io/v1", "NetworkPolicy", "s", "muster-" + run, OURS + "'" + run + "'");
    make("batch/v1", "Job", "s", "muster-" + run, OURS + "'" + run + "'");
    make("v1", "Namespace", "", "muster-" + run, OURS + "'" + run + "'");
    make("v1", "Pod", "muster-" + run, "fault-" + run, OURS + "'" + run + "'");
  }

  private void node(String name, String labels, String unschedulable) {
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: v1
                kind: Node
                metadata: {name: %s, labels: {%s}}
                spec: {unschedulable: %s}
                """
                    .formatted(name, labels, unschedulable),
                Node.class))
        .create();
  }

  private void make(String version, String kind, String namespace, String name, String labels) {
    String place = namespace.isEmpty() ? "" : "namespace: " + namespace + ", ";
    GenericKubernetesResource object =
        Serialization.unmarshal(
            """
            apiVersion: %s
            kind: %s
            metadata: {%sname: %s, labels: {%s}}
            """
                .formatted(version, kind, place, name, labels),
            GenericKubernetesResource.class);
    client.resource(object).create();
  }
}
