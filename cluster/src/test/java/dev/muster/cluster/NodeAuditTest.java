package dev.muster.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.Time;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
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
        "n1",
        """
        {"event":"node","at":"2026-01-01T00:00:00Z","iptables":"nft","netem":"false"}
        {"event":"residue","what":"chain","name":"iptables-nft MUSTER-F-0a"}
        {"event":"residue","what":"folder","name":"/var/lib/muster/r.f"}
        {"event":"audited"}
        """);
    says("n3", "{\"event\":\"node\",\"iptables\":\"legacy\"}\n{\"event\":\"audited\"}\n");
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

  @Test
  void aNodeWhoseAgentDoesNotWorkWasNotLookedAt() throws InterruptedException {
    fails("n1");
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

  private NodeAudit.Found look(Node... nodes) throws InterruptedException {
    return new NodeAudit(pods(), Time.REAL).look(List.of(nodes), "audit", "audit");
  }

  private AgentPods pods() {
    return new AgentPods(client, client, RunNamespaceTest.still(client));
  }

  private void says(String node, String log) {
    server
        .expect()
        .get()
        .withPath("/api/v1/namespaces/muster-r/pods/audit-" + node + "/log?pretty=false")
        .andReturn(200, log)
        .always();
    becomes(node, "{phase: Succeeded, containerStatuses: [{state: {terminated: {exitCode: 0}}}]}");
  }

  private void fails(String node) {
    becomes(node, "{phase: Failed, containerStatuses: [{state: {terminated: {exitCode: 64}}}]}");
  }

  /** Whoever asks for the pod, by its name or in a list of one, is told this status. */
  private void becomes(String node, String status) {
    String pods = "/api/v1/namespaces/muster-r/pods";
    Pod pod =
        Serialization.unmarshal(
            "metadata: {name: audit-%s, namespace: muster-r}\nstatus: %s".formatted(node, status),
            Pod.class);
    server.expect().get().withPath(pods + "/audit-" + node).andReturn(200, pod).always();
    server
        .expect()
        .get()
        .withPath(pods + "?fieldSelector=metadata.name%3Daudit-" + node)
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
