package dev.muster.engine.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.cluster.audit.Residue;
import dev.muster.cluster.fault.Rbac;
import dev.muster.cluster.run.LoadPods;
import dev.muster.cluster.run.RunNamespace;
import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillFile;
import dev.muster.drill.time.RealTime;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pods of a load under the roles that {@code muster rbac} prints for a drill with some. */
@Timeout(60)
class LoadRolesTest {
  private static final String MINE = "muster-r";

  private @Nullable String header;
  private @Nullable KubernetesMockServer server;

  private static Drill drill(String load) {
    return DrillFile.parseKept(
        """
        apiVersion: muster.dev/v1
        kind: Drill
        metadata: {name: d}
        target: {namespace: s, selector: {labelSelectors: {app: w}}, endpoint: 'http://svc.example'}
        load: {arrivals: {constant: 1/s}%s}
        faults: [{kind: PodKill}]
        expect: {residue: none}
        """
            .formatted(load),
        "d.yaml");
  }

  @SuppressWarnings("deprecation") // the mock wants the library's own mapper
  private KubernetesClient client(RoleBound roles) {
    var started =
        new KubernetesMockServer(
            new Context(Serialization.jsonMapper()),
            new MockWebServer(),
            new HashMap<>(),
            roles,
            false);
    started.init();
    server = started;
    var client = started.createClient();
    client.getConfiguration().setRequestRetryBackoffLimit(0);
    return client;
  }

  @AfterEach
  void end() {
    if (server != null) {
      server.destroy();
    }
  }

  private @Nullable String answer(RecordedRequest request) {
    if (!Objects.requireNonNull(request.getPath()).contains("/proxy/?from=3")) {
      return null;
    }
    header = request.getHeader("x-muster-token");
    return "{}";
  }

  @Test
  void whatTheLoadsPodsNeedIsPrintedAndNoMore() throws Exception {
    var roles =
        new RoleBound(
            Rbac.yaml(drill(", inCluster: {pods: 3}")),
            new KubernetesCrudDispatcher(),
            this::answer);
    try (var client = client(roles);
        var namespace = new RunNamespace(client, "r", "a:1", RealTime.TIME)) {
      var pods = new LoadPods(client, client, namespace, "secret");
      pods.start(3, Map.of("order.json", "{}"), List.of("n1", "n2"));
      assertThat(pods.members()).contains(List.of());
      assertThat(pods.ask("load-0", "from=3")).isEqualTo("{}");
      assertThat(header).isEqualTo("secret");
      roles.open = true;
      job(client);
      roles.open = false;
      assertThat(new Residue(client, "r", RealTime.TIME).remove()).isTrue();
      assertThat(roles.refused).isEmpty();
      roles.open = true;
      assertThat(client.batch().v1().jobs().inNamespace(MINE).list().getItems()).isEmpty();
    }
  }

  private static void job(KubernetesClient client) {
    var job = client.batch().v1().jobs().inNamespace(MINE).withName("load").get();
    assertThat(job.getSpec().getCompletionMode()).isEqualTo("Indexed");
    assertThat(job.getSpec().getCompletions()).isEqualTo(3);
    assertThat(job.getSpec().getParallelism()).isEqualTo(3);
    var pod = job.getSpec().getTemplate();
    assertThat(pod.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/managed-by", "muster")
        .containsEntry("muster.dev/run", "r");
    assertThat(Serialization.asYaml(pod)).doesNotContain("secret: secret", "privileged");
    assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
    var required =
        pod.getSpec()
            .getAffinity()
            .getNodeAffinity()
            .getRequiredDuringSchedulingIgnoredDuringExecution()
            .getNodeSelectorTerms();
    assertThat(required)
        .singleElement()
        .satisfies(term ->
            assertThat(term.getMatchFields())
                .allSatisfy(f -> assertThat(f.getOperator()).isEqualTo("NotIn"))
                .extracting(f -> f.getValues().getFirst())
                .containsExactly("n1", "n2"));
  }

  @Test
  void aPodIsToldByItsPartAndItsEnd() throws Exception {
    var roles = new RoleBound("", new KubernetesCrudDispatcher(), this::answer);
    roles.open = true;
    try (var client = client(roles);
        var namespace = new RunNamespace(client, "r", "a:1", RealTime.TIME)) {
      for (String status :
          List.of(
              "{phase: Running, containerStatuses: [{name: load, state: {running: {}}}]}",
              "{phase: Failed, reason: Evicted}",
              "{phase: Pending, containerStatuses: [{name: load, state: {waiting: {reason:"
                  + " ErrImagePull, message: none}}}]}")) {
        client
            .resource(
                Serialization.unmarshal(
                    """
                    metadata:
                      name: load-%d
                      namespace: muster-r
                      labels: {muster.dev/agent: load}
                      annotations: {batch.kubernetes.io/job-completion-index: "2"}
                    spec: {nodeName: n7, containers: [{name: load}]}
                    status: %s
                    """
                        .formatted(Math.floorMod(status.hashCode(), Integer.MAX_VALUE), status),
                    Pod.class))
            .create();
      }
      var members = new LoadPods(client, client, namespace, "t").members().orElseThrow();
      assertThat(members).hasSize(3).allSatisfy(m -> assertThat(m.part()).isEqualTo(2));
      assertThat(members)
          .filteredOn(m -> m.running())
          .singleElement()
          .satisfies(m -> {
            assertThat(m.node()).isEqualTo("n7");
            assertThat(m.trouble()).isEmpty();
          });
      assertThat(members)
          .extracting(m -> m.trouble())
          .anyMatch(t -> t.contains("Evicted"))
          .anyMatch(t -> t.startsWith("ErrImagePull"));
    }
  }

  @Test
  void withoutThemItIsToldInWords() {
    var roles = new RoleBound(Rbac.yaml(drill("")), new KubernetesCrudDispatcher(), this::answer);
    try (var client = client(roles);
        var namespace = new RunNamespace(client, "r", "a:1", RealTime.TIME)) {
      var pods = new LoadPods(client, client, namespace, "t");
      assertThatThrownBy(() -> pods.start(3, Map.of(), List.of()))
          .hasMessageContaining("forbidden");
      assertThatThrownBy(() -> pods.ask("load-0", "from=3"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("HTTP 403");
    }
  }
}
