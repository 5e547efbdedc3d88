package dev.muster.cluster.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.preflight.Stage;
import dev.muster.timeline.Event;
import dev.muster.timeline.Event.SettingObserved;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class SettingsSeenTest {
  private static final String READY =
      "spec: {nodeName: n1, containers: [{name: c}]}\n"
          + "status: {conditions: [{type: Ready, status: '%s'}]}";

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  /** {@code api-docs} is not {@code api}: whose pod it is, its owner references say. */
  @Test
  void aPodIsSaidToBeOfTheDeploymentThatMadeIt() {
    var deployment = make(Deployment.class, "api", "", "spec: {replicas: 1}");
    var set = make(ReplicaSet.class, "api-docs-5f", owner("Deployment", deployment), "");
    make(Pod.class, "api-docs-5f-x", owner("ReplicaSet", set), "spec: {nodeName: n1}");
    make(Pod.class, "api-0", "", "spec: {nodeName: n1}");

    assertThat(settings("controller"))
        .singleElement()
        .satisfies(s -> {
          assertThat(s.where()).hasToString("pod/s/api-docs-5f-x");
          assertThat(s.where().uid()).isNotNull();
          assertThat(s.value()).isEqualTo(Pods.workload("Deployment", deployment).text());
        });
    assertThat(settings("pod")).hasSize(2);
    assertThat(settings("replicas")).singleElement().extracting("value").isEqualTo("1");
  }

  @Test
  void onlyWhatIsNotReadyIsSaidToBeSo() {
    make(Pod.class, "up", "", READY.formatted("True"));
    make(Pod.class, "down", "", READY.formatted("False"));
    assertThat(settings("ready"))
        .singleElement()
        .satisfies(s -> {
          assertThat(s.where()).hasToString("pod/s/down");
          assertThat(s.value()).isEqualTo("false");
        });
  }

  /** That of a Job, or one that its kubelet evicted and nobody deleted. */
  @Test
  void aPodThatIsFinishedIsNoneThatIsNotReady() {
    String ended = READY.formatted("False").replace("{conditions", "{phase: %s, conditions");
    make(Pod.class, "done", "", ended.formatted("Succeeded"));
    make(Pod.class, "evicted", "", ended.formatted("Failed"));
    assertThat(settings("ready")).isEmpty();
    assertThat(settings("pod")).isEmpty();
  }

  @Test
  void theZoneOfEachNodeIsSaidAlsoWhereThereIsNone() {
    for (String node :
        List.of(
            "metadata: {name: n1, labels: {topology.kubernetes.io/zone: a}}\nstatus: {conditions: [{type: Ready, status: 'True'}]}",
            "metadata: {name: n2}")) {
      client.resource(Serialization.unmarshal(node, Node.class)).create();
    }
    var seen = new ArrayList<Event>();
    seen(seen).writeZones();
    assertThat(seen)
        .map(SettingObserved.class::cast)
        .extracting(s -> s.name() + " " + s.value() + " " + s.where().path())
        .containsExactlyInAnyOrder("zone a node/n1", "zone  node/n2", "ready false node/n2");
  }

  /** Once for a workload, for its pods come and go. */
  @Test
  void howAPlannedDisruptionGoesIsSaidOfEachWorkload() {
    make(
        Deployment.class,
        "api",
        "",
        "spec: {strategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 25%}},"
            + " template: {metadata: {labels: {app: api}}, spec: {terminationGracePeriodSeconds: 40,"
            + " containers: [{name: c, lifecycle: {preStop: {sleep: {seconds: 7}}}}]}}}");
    make(
        StatefulSet.class,
        "db",
        "",
        "spec: {updateStrategy: {type: RollingUpdate},"
            + " template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c}]}}}");
    make(
        PodDisruptionBudget.class,
        "budget",
        "",
        "spec: {minAvailable: 50%, selector: {matchLabels: {app: api}}}");

    assertThat(said("terminationGracePeriodSeconds")).containsExactly("40 Deployment/s/api");
    assertThat(said("lifecycle.preStop"))
        .containsExactly("7 Deployment/s/api", "none StatefulSet/s/db");
    assertThat(said("maxUnavailable"))
        .containsExactly("25% Deployment/s/api", "1 StatefulSet/s/db");
    assertThat(said("podDisruptionBudget"))
        .containsExactly("budget minAvailable 50% Deployment/s/api", "none StatefulSet/s/db");
  }

  private List<String> said(String name) {
    return settings(name).stream().map(s -> s.value() + " " + s.where().path()).toList();
  }

  private SettingsSeen seen(List<Event> events) {
    var target = Stage.drill("{kind: NodeShutdown, duration: 1m, ttl: 2m}").target();
    return new SettingsSeen(client, target, InstantSource.fixed(Instant.EPOCH), events::add);
  }

  private List<SettingObserved> settings(String name) {
    server
        .expect()
        .get()
        .withPath("/version")
        .andReturn(200, Map.of("major", "1", "minor", "31", "gitVersion", "v1.31.0"))
        .always();
    var seen = new ArrayList<Event>();
    seen(seen).write(Map.of());
    return seen.stream()
        .map(SettingObserved.class::cast)
        .filter(s -> s.name().equals(name))
        .toList();
  }

  private static String owner(String kind, HasMetadata owner) {
    return ", ownerReferences: [{kind: %s, name: %s, uid: %s, controller: true}]"
        .formatted(kind, owner.getMetadata().getName(), owner.getMetadata().getUid());
  }

  private <T extends HasMetadata> T make(Class<T> type, String name, String owner, String spec) {
    return client
        .resource(
            Serialization.unmarshal(
                "metadata: {name: %s, namespace: s%s}\n%s".formatted(name, owner, spec), type))
        .create();
  }
}
