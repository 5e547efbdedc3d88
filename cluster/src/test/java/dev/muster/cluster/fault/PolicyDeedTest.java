package dev.muster.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.audit.Residue;
import dev.muster.cluster.object.Pods;
import dev.muster.drill.field.Selector;
import dev.muster.drill.kind.FaultKind.Direction;
import dev.muster.drill.time.RealTime;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class PolicyDeedTest {
  private static final String LABEL = AgentArguments.id("r", "f");

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Pod victim;

  @BeforeEach
  void pods() {
    victim = pod("w1", "worker", "10.244.1.5");
    pod("a1", "api", "10.244.2.6");
    pod("a2", "api", "10.244.3.7");
  }

  @Test
  void cuttingOffFromEverybodyAllowsNobody() {
    deed(Direction.BOTH, null).apply();
    var spec = policy().getSpec();
    assertThat(spec.getPolicyTypes()).containsExactly("Ingress", "Egress");
    assertThat(spec.getIngress()).isEmpty();
    assertThat(spec.getEgress()).isEmpty();
  }

  @Test
  void itMeansTheVictimAloneByALabelOfItsOwn() {
    PolicyDeed deed = deed(Direction.FROM, null);
    deed.apply();
    assertThat(policy().getSpec().getPodSelector().getMatchLabels())
        .isEqualTo(Map.of("muster.dev/fault", LABEL));
    assertThat(labels("w1"))
        .containsEntry("muster.dev/fault", LABEL)
        .containsEntry("app", "worker");
    assertThat(labels("a1")).doesNotContainKey("muster.dev/fault");
    assertThat(policy().getSpec().getPolicyTypes()).containsExactly("Ingress");
    assertThat(deed.identity())
        .containsEntry("namespace", "s")
        .containsEntry("name", "muster-" + LABEL)
        .containsEntry("pod", "w1");
  }

  @Test
  void cuttingOffFromSomeAllowsAllButThem() {
    deed(Direction.BOTH, api(), "10.9.0.0/16", "10.8.0.1").apply();
    var spec = policy().getSpec();
    assertThat(except(spec.getIngress().getFirst().getFrom()))
        .containsExactlyInAnyOrder("10.9.0.0/16", "10.8.0.1/32", "10.244.2.6/32", "10.244.3.7/32");
    assertThat(except(spec.getEgress().getFirst().getTo()))
        .isEqualTo(except(spec.getIngress().getFirst().getFrom()));
  }

  @Test
  void oneDirectionLeavesTheOtherAsItIs() {
    deed(Direction.TO, api()).apply();
    assertThat(policy().getSpec().getPolicyTypes()).containsExactly("Egress");
    assertThat(policy().getSpec().getIngress()).isEmpty();
    assertThat(except(policy().getSpec().getEgress().getFirst().getTo())).hasSize(2);
  }

  @Test
  void theClusterRemovesItItselfWhenTheJobHasEnded() {
    deed(Direction.FROM, null).apply();
    Job job = client.batch().v1().jobs().inNamespace("s").withName("muster-" + LABEL).get();
    assertThat(job.getSpec().getTtlSecondsAfterFinished()).isZero();
    assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(150);
    assertThat(job.getSpec().getTemplate().getSpec().getContainers().getFirst().getCommand())
        .endsWith("sleep", "120");
    assertThat(policy().getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> {
          assertThat(owner.getKind()).isEqualTo("Job");
          assertThat(owner.getName()).isEqualTo(job.getMetadata().getName());
          assertThat(owner.getUid()).isNotEmpty().isEqualTo(job.getMetadata().getUid());
        });
    assertThat(policy().getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/managed-by", "muster")
        .containsEntry("muster.dev/run", "r");
  }

  @Test
  void theUndoLeavesNothingAndMayBeRepeated() {
    PolicyDeed deed = deed(Direction.BOTH, null);
    deed.undo(); // before anything was done
    assertThat(deed.undone()).isTrue();
    deed.apply();
    assertThat(deed.undone()).isFalse();
    deed.undo();
    assertThat(deed.undone()).isTrue();
    assertThat(labels("w1")).containsEntry("app", "worker").doesNotContainKey("muster.dev/fault");
    assertThat(new Residue(client, null, RealTime.TIME).look()).isEmpty();
    client.resource(victim).delete();
    deed.undo();
    assertThat(deed.undone()).isTrue();
  }

  @Test
  void aLabelThatIsLeftIsNotUndone() {
    PolicyDeed deed = deed(Direction.BOTH, null);
    deed.apply();
    client.network().v1().networkPolicies().inNamespace("s").delete();
    client.batch().v1().jobs().inNamespace("s").delete();
    assertThat(deed.undone()).isFalse();
    deed.undo();
    assertThat(deed.undone()).isTrue();
  }

  @Test
  void theLabelOfAnotherFaultStays() {
    PolicyDeed deed = deed(Direction.BOTH, null);
    client
        .pods()
        .resource(victim)
        .edit(p -> {
          p.getMetadata().getLabels().put("muster.dev/fault", "another");
          return p;
        });
    deed.undo();
    assertThat(labels("w1")).containsEntry("muster.dev/fault", "another");
  }

  @Test
  void aWitnessIsCutOffAsThePeersAre() {
    Pod witness = pod("probe", "none", "10.244.1.9");
    witness.getMetadata().getLabels().put(PolicyDeed.PEER, LABEL);
    client.pods().resource(witness).update();
    deed(Direction.FROM, api()).apply();
    assertThat(except(policy().getSpec().getIngress().getFirst().getFrom()))
        .containsExactlyInAnyOrder("10.244.2.6/32", "10.244.3.7/32", "10.244.1.9/32");
  }

  private static List<String> except(List<NetworkPolicyPeer> peers) {
    assertThat(peers).hasSize(1);
    assertThat(peers.getFirst().getIpBlock().getCidr()).isEqualTo("0.0.0.0/0");
    return peers.getFirst().getIpBlock().getExcept();
  }

  private PolicyDeed deed(Direction direction, @Nullable Selector peers, String... cidrs) {
    return new PolicyDeed(
        client,
        victim,
        new dev.muster.drill.kind.NetworkPolicy(direction, peers, List.of(cidrs)),
        peers == null
            ? List.of()
            : client.pods().inNamespace("s").withLabels(peers.labelSelectors()).list().getItems(),
        LABEL,
        "r",
        Duration.ofMinutes(2),
        "a:1");
  }

  private static Selector api() {
    return selecting("api");
  }

  private static Selector selecting(String app) {
    return new Selector(
        null,
        null,
        List.of(),
        Map.of(),
        List.of(),
        Map.of("app", app),
        List.of(),
        Map.of(),
        Map.of(),
        List.of(),
        Map.of());
  }

  private NetworkPolicy policy() {
    return client
        .network()
        .v1()
        .networkPolicies()
        .inNamespace("s")
        .withName("muster-" + LABEL)
        .get();
  }

  private Map<String, String> labels(String pod) {
    return Pods.labels(client.pods().inNamespace("s").withName(pod).get());
  }

  private Pod pod(String name, String app, String address) {
    return client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: s, labels: {app: %s}}
                spec: {containers: [{name: c}]}
                status: {podIP: %s}
                """
                    .formatted(name, app, address),
                Pod.class))
        .create();
  }
}
