package dev.muster.cluster.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.cluster.fault.AgentArguments;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.run.AgentPods;
import dev.muster.cluster.run.HandTime;
import dev.muster.cluster.run.RunNamespaceTest;
import dev.muster.drill.time.RealTime;
import dev.muster.drill.time.Time;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@EnableKubernetesMockClient(crud = true)
@Timeout(60)
class NodeAuditTest {
  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  @Test
  void eachNodeThatIsReadyIsLookedAtAndTheOthersAreNamed() throws InterruptedException {
    says(
        "audit-n1",
        """
        {"event":"node","at":"2026-01-01T00:00:00Z","iptables":"nft","netem":"false"}
        {"event":"residue","what":"chain","name":"iptables-nft MUSTER-F-0a"}
        {"event":"residue","what":"folder","name":"/var/lib/muster/r.f"}
        {"event":"audited"}
        """);
    says("audit-n3", "{\"event\":\"node\",\"iptables\":\"legacy\"}\n{\"event\":\"audited\"}\n");
    NodeAudit.Found found = look(node("n1", "True"), node("n2", "Unknown"), node("n3", "True"));
    assertThat(found.residue())
        .containsExactly(
            "chain iptables-nft MUSTER-F-0a on n1", "folder /var/lib/muster/r.f on n1");
    assertThat(found.notLookedAt()).containsExactly("node n2 is not Ready");
    assertThat(found.abilities())
        .containsOnlyKeys("n1", "n3")
        .hasEntrySatisfying("n1", can -> assertThat(can).containsEntry("iptables", "nft"));
    assertThat(client.pods().inNamespace("muster-r").withName("audit-n2").get()).isNull();
  }

  /** History 13: its chain is still hooked, though its agent and its undo are gone. */
  @Test
  void ofOneFaultOnlyWhatIsItsOwnIsFound() throws InterruptedException {
    String id = AgentArguments.id("r", "fault-1");
    client.resource(node("n1", "True")).create();
    says(
        "undone-1-n1",
        """
        {"event":"residue","what":"chain","name":"iptables-nft MUSTER-F-%s"}
        {"event":"residue","what":"folder","name":"/var/lib/muster/r.fault-1"}
        {"event":"residue","what":"folder","name":"/var/lib/muster/r.fault-10"}
        {"event":"residue","what":"cgroup","name":"/sys/fs/cgroup/muster-f-00000000"}
        {"event":"audited"}
        """
            .formatted(id));
    assertThat(new NodeAudit(pods(), RealTime.TIME).ofFault("fault-1", "n1", "undone-1"))
        .containsExactly(
            "chain iptables-nft MUSTER-F-" + id + " on n1",
            "folder /var/lib/muster/r.fault-1 on n1");
    assertThatThrownBy(
            () -> new NodeAudit(pods(), RealTime.TIME).ofFault("fault-1", "n2", "undone-2"))
        .hasMessage("node n2 is no more in the cluster");
  }

  /** What it found it may have said in a word that nobody here knows. */
  @Test
  void anAgentOfAnotherVersionHasNotLookedWhereItIsNotUnderstood() throws InterruptedException {
    says(
        "audit-n1",
        """
        {"event":"residue","what":"chain","name":"x","since":"boot"}
        {"event":"leftover","what":"chain"}
        {"event":"audited"}
        """);
    NodeAudit.Found found = look(node("n1", "True"));
    assertThat(found.residue()).containsExactly("chain x on n1");
    assertThat(found.notLookedAt())
        .containsExactly("node n1: its agent is of another version, and says leftover");
  }

  /** Only a node that must be looked at leaves a question open. */
  @Test
  void aNodeThatCanNotRunAnAgentIsToldAndNotWaitedFor() throws InterruptedException {
    Node virtual = node("v", "True");
    virtual.getMetadata().setLabels(Map.of("type", "virtual-kubelet"));
    Node windows = node("w", "True");
    windows.getMetadata().setLabels(Map.of("kubernetes.io/os", "windows"));
    Node tainted = node("t", "True");
    tainted.setSpec(
        Serialization.unmarshal(
                "spec: {taints: [{key: virtual-kubelet.io/provider, effect: NoSchedule}]}",
                Node.class)
            .getSpec());
    fails("audit-n1");
    List<Node> nodes =
        List.of(virtual, windows, tainted, node("n2", "Unknown"), node("n1", "True"));
    NodeAudit.Found found =
        new NodeAudit(pods(), RealTime.TIME).look(nodes, _ -> false, "audit", "audit");
    assertThat(found.notLookedAt()).isEmpty();
    assertThat(found.passedOver())
        .startsWith(
            "node v is virtual", "node w runs windows", "node t is virtual", "node n2 is not Ready")
        .last()
        .asString()
        .isEqualTo("node n1: the agent ended with exit code 64");
    assertThat(
            new NodeAudit(pods(), RealTime.TIME)
                .look(List.of(virtual), _ -> true, "audit", "again")
                .notLookedAt())
        .containsExactly("node v is virtual");
    assertThat(client.pods().inNamespace("muster-r").list().getItems())
        .extracting(Pods::name)
        .doesNotContain("audit-v", "audit-w", "audit-t", "again-v");
  }

  @Test
  void aNodeWhoseAgentDoesNotWorkWasNotLookedAt() throws InterruptedException {
    fails("audit-n1");
    NodeAudit.Found found = look(node("n1", "True"));
    assertThat(found.residue()).isEmpty();
    assertThat(found.notLookedAt()).singleElement().asString().contains("node n1", "exit code 64");
  }

  /** A stale pod of the same name must not speak for this look. */
  @Test
  void aPodThatIsRefusedIsANodeNotLookedAt() throws InterruptedException {
    pods().onNode("audit-n1", "n1", Map.of()).start(List.of("audit"));
    NodeAudit.Found found = look(node("n1", "True"));
    assertThat(found.notLookedAt()).singleElement().asString().startsWith("node n1: ");
  }

  /** On a slow machine; one that never gets there is given up all the same. */
  @Test
  void aPodThatItsKubeletMakesIsWaitedForAndNotForEver() throws InterruptedException {
    gaveUpAfter(150, "[{state: {waiting: {reason: ContainerCreating}}}]", " ContainerCreating");
  }

  @Test
  void aPodOfWhichNoKubeletSpokeIsNotWaitedForLong() throws InterruptedException {
    gaveUpAfter(60, "[]", "");
  }

  private void gaveUpAfter(int seconds, String containers, String waiting)
      throws InterruptedException {
    becomes("audit-n1", "{phase: Pending, containerStatuses: %s}".formatted(containers));
    var passed = new AtomicReference<>(Duration.ZERO);
    Time slow =
        new HandTime(
            () -> Instant.EPOCH.plus(passed.get()),
            _ -> passed.updateAndGet(soFar -> soFar.plusSeconds(10)));
    var found =
        new NodeAudit(pods(), slow).look(List.of(node("n1", "True")), _ -> true, "audit", "audit");
    assertThat(found.notLookedAt())
        .containsExactly(
            "node n1: the agent did not begin within %1$d s: its pod is Pending%2$s; nothing new for %1$d s"
                .formatted(seconds, waiting));
  }

  /** What it found until then is true all the same. */
  @Test
  void anAgentThatDidNotComeToItsEndIsHeard() throws InterruptedException {
    logs("audit-n1", "{\"event\":\"residue\",\"what\":\"chain\",\"name\":\"c\"}\n");
    fails("audit-n1");
    NodeAudit.Found found = look(node("n1", "True"));
    assertThat(found.residue()).containsExactly("chain c on n1");
    assertThat(found.notLookedAt()).containsExactly("node n1: the agent ended with exit code 64");
  }

  private NodeAudit.Found look(Node... nodes) throws InterruptedException {
    return new NodeAudit(pods(), RealTime.TIME).look(List.of(nodes), _ -> true, "audit", "audit");
  }

  private AgentPods pods() {
    return new AgentPods(client, client, RunNamespaceTest.still(client));
  }

  private void says(String pod, String log) {
    becomes(pod, "{phase: Succeeded, containerStatuses: [{state: {terminated: {exitCode: 0}}}]}");
    logs(pod, log);
  }

  private void logs(String pod, String log) {
    server
        .expect()
        .get()
        .withPath("/api/v1/namespaces/muster-r/pods/" + pod + "/log")
        .andReturn(200, log)
        .always();
  }

  private void fails(String pod) {
    becomes(pod, "{phase: Failed, containerStatuses: [{state: {terminated: {exitCode: 64}}}]}");
  }

  /** Whoever asks for the pod, by its name or in a list of one, is told this status. */
  private void becomes(String name, String status) {
    String pods = "/api/v1/namespaces/muster-r/pods";
    Pod pod =
        Serialization.unmarshal(
            "metadata: {name: %s, namespace: muster-r}\nstatus: %s".formatted(name, status),
            Pod.class);
    server.expect().get().withPath(pods + "/" + name).andReturn(200, pod).always();
    server
        .expect()
        .get()
        .withPath(pods + "?fieldSelector=metadata.name%3D" + name)
        .andReturn(200, new PodListBuilder().withItems(pod).build())
        .always();
  }

  private static Node node(String name, String ready) {
    return Serialization.unmarshal(
        """
        metadata: {name: %s}
        status: {conditions: [{type: Ready, status: '%s'}]}
        """
            .formatted(name, ready),
        Node.class);
  }
}
