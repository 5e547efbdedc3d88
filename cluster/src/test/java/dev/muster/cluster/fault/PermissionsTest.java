package dev.muster.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.fault.Rights.Right;
import dev.muster.cluster.preflight.Stage;
import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillFile;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient
class PermissionsTest {
  private static final String REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  private static final List<String> FAULTS =
      List.of(
          "{kind: NodeShutdown, duration: 1m, ttl: 2m}",
          "{kind: CpuStress, duration: 1m, ttl: 2m}",
          "{kind: ProcessKill}",
          "{kind: PodKill, selector: {namespaces: [a, b]}}",
          "{kind: PodKill}",
          "{kind: NetworkPolicy, duration: 1m, ttl: 2m}",
          "{kind: LlmFault, failure: reset, duration: 1m, ttl: 2m}",
          "{parallel: [{kind: PodKill}, {kind: KubeletStop, duration: 1m, ttl: 2m}]}");

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  /** What is asked for, what is granted and the list are the same, whatever the faults are. */
  @Test
  void whatIsAskedForIsWhatTheRolesGrant() {
    for (String fault : FAULTS) {
      Drill drill = Stage.drill(fault);
      assertThat(asked(drill)).as(fault).isEqualTo(granted(drill));
      assertThat(granted(drill)).as(fault).isEqualTo(Set.copyOf(Rights.of(drill)));
    }
  }

  /** A role of before still does: without it a message lacks some words. */
  @Test
  void toReadEventsIsGrantedWhereThereAreAgentsAndNeverAskedFor() {
    assertThat(Rbac.yaml(Stage.drill("{kind: CpuStress, duration: 1m, ttl: 2m}")))
        .contains("- \"events\"");
    assertThat(Rbac.yaml(Stage.drill("{kind: PodKill}"))).doesNotContain("events");
    assertThat(words("{kind: CpuStress, duration: 1m, ttl: 2m}")).doesNotContain("list events");
  }

  @Test
  void toReadVolumesIsGrantedWhereAZoneIsTakenAndNeverAskedFor() {
    String zone = "{kind: NodeShutdown, mode: all, selector: {zone: a}, duration: 1m, ttl: 2m}";
    assertThat(Rbac.yaml(Stage.drill(zone)))
        .contains("- \"persistentvolumes\"", "- \"persistentvolumeclaims\"");
    assertThat(words(zone)).noneMatch(right -> right.contains("persistentvolume"));
    for (String other : List.of(FAULTS.getFirst(), "{kind: PodKill, selector: {zone: a}}")) {
      assertThat(Rbac.yaml(Stage.drill(other))).doesNotContain("persistentvolume");
    }
  }

  @Test
  void aDrillThatOnlySwitchesNodesNeedsToTouchNothing() {
    assertThat(Rights.of(Stage.drill(FAULTS.getFirst())))
        .filteredOn(r -> !Set.of("get", "list", "watch").contains(r.verb()))
        .extracting(Right::toString)
        .containsExactly(
            "create leases.coordination.k8s.io in namespace default",
            "update leases.coordination.k8s.io muster-drill in namespace default",
            "delete leases.coordination.k8s.io muster-drill in namespace default");
  }

  @Test
  void whatIsForbiddenIsToldInTheApiServersWordsAndWithWhatToDo() {
    var status =
        new io.fabric8.kubernetes.api.model.StatusBuilder()
            .withCode(403)
            .withMessage("nodes \"n1\" is forbidden: User \"x\" cannot get resource \"nodes\"")
            .build();
    assertThat(ApiErrors.why(new KubernetesClientException("Failure executing", 403, status)))
        .isEqualTo(
            "nodes \"n1\" is forbidden: User \"x\" cannot get resource \"nodes\"; grant it to the"
                + " user of this kubeconfig: 'muster rbac DRILL' prints the roles");
    assertThat(ApiErrors.why(new KubernetesClientException("connection refused")))
        .isEqualTo("connection refused");
  }

  @Test
  void aNodeIsAskedForByNameOnlyByWhoLooksAtIt() {
    assertThat(words("{kind: CpuStress, duration: 1m, ttl: 2m}")).contains("get nodes");
    assertThat(words("{kind: NodeShutdown, action: reboot, duration: 1m, ttl: 2m}"))
        .contains("get nodes");
    assertThat(words("{kind: NodeShutdown, duration: 1m, ttl: 2m}")).doesNotContain("get nodes");
  }

  @Test
  void faultsNeedWhatTheyDoWhereTheyDoIt() {
    assertThat(words("{kind: PodKill, selector: {namespaces: [a, b]}}"))
        .contains("delete pods in namespace a", "delete pods in namespace b")
        .doesNotContain("delete pods in namespace s", "delete pods");
    assertThat(words("{kind: PodKill}")).contains("delete pods in namespace s");
    assertThat(words("{kind: NetworkPolicy, duration: 1m, ttl: 2m}"))
        .contains(
            "create networkpolicies.networking.k8s.io in namespace s",
            "create jobs.batch in namespace s",
            "create pods"); // of the probe that sees whether it is felt
    assertThat(words("{kind: LlmFault, failure: reset, tokenSecret: t, duration: 1m, ttl: 2m}"))
        .contains(
            "get secrets t in namespace s",
            "create pods/proxy in namespace s",
            "delete pods/proxy in namespace s")
        .doesNotContain("get secrets in namespace s", "create pods", "delete pods in namespace s");
    assertThat(words("{kind: NodeDrain, duration: 1m, ttl: 6m}"))
        .contains(
            "get nodes",
            "patch nodes",
            "create pods/eviction", // of whatever namespace its pods are
            "list poddisruptionbudgets.policy")
        .doesNotContain("update nodes", "create pods", "delete pods");
    assertThat(words("{kind: CpuStress, duration: 1m, ttl: 2m}"))
        .contains("create namespaces", "delete namespaces", "create pods", "get pods/log");
  }

  /** The API server takes the port for a part of the name. */
  @Test
  void servicesThatWatchAreAskedByNameThroughTheProxyAlone() {
    Drill drill =
        DrillFile.parse(
            """
            apiVersion: muster.dev/v1
            kind: Drill
            metadata: {name: d}
            target: {namespace: s}
            monitor: {chart: charts/monitoring, release: m, namespace: watch}
            observe: {alertmanager: 'https://alerts.example'}
            faults: [{kind: PodKill}]
            expect: {residue: none}
            """,
            "d.yaml");
    assertThat(Rights.of(drill).stream().map(Right::toString))
        .contains(
            "get services/proxy prometheus:9090 in namespace watch",
            "get services/proxy opensearch:9200 in namespace watch",
            "create services/proxy opensearch:9200 in namespace watch",
            "get pods/log in namespace watch")
        .noneMatch(r -> r.contains("alertmanager"));
    assertThat(asked(drill)).isEqualTo(granted(drill));
    assertThat(words("{kind: PodKill}")).noneMatch(r -> r.contains("services/proxy"));
  }

  /** Only those who ask for it: to RBAC it is as good as writing there. */
  @Test
  void etcdIsAskedByPostThroughThePodsOfTheTargetAlone() {
    Drill drill =
        DrillFile.parse(
            """
            apiVersion: muster.dev/v1
            kind: Drill
            metadata: {name: d}
            target: {namespace: s}
            faults: [{kind: PodKill}]
            expect: {consistency: {etcd: equal}}
            """,
            "d.yaml");
    assertThat(Rights.of(drill).stream().map(Right::toString))
        .contains("create pods/proxy in namespace s");
    assertThat(asked(drill)).isEqualTo(granted(drill));
    assertThat(words("{kind: PodKill}")).noneMatch(r -> r.startsWith("create pods/proxy"));
  }

  @Test
  void eachMissingRightIsASentence() {
    allow(r -> !r.resource().equals("nodes/proxy"));
    assertThat(Permissions.missing(client, Stage.drill("{kind: PodKill}")))
        .containsExactly(
            "no permission to get nodes/proxy; grant it to the user of this kubeconfig:"
                + " 'muster rbac DRILL' prints the roles");
  }

  @Test
  void theRolesTellHowTheyAreBound() {
    String yaml = Rbac.yaml(Stage.drill("{kind: ProcessKill}"));
    assertThat(yaml)
        .startsWith("# What the drill d needs and no more, but for what helm needs to deploy.")
        .contains("--clusterrole=muster-d --user=USER", "--namespace=kube-node-lease")
        .doesNotContain("managed-by", "null", "\n\n");
  }

  private static List<String> words(String fault) {
    return Rights.of(Stage.drill(fault)).stream().map(Right::toString).toList();
  }

  /** The rights that the cluster is asked about. */
  private Set<Right> asked(Drill drill) {
    Set<Right> asked = ConcurrentHashMap.newKeySet();
    allow(asked::add);
    assertThat(Permissions.missing(client, drill)).isEmpty();
    return asked;
  }

  private void allow(java.util.function.Predicate<Right> allowed) {
    server.reset();
    server
        .expect()
        .post()
        .withPath(REVIEWS)
        .andReply(
            201,
            request -> {
              var review =
                  Serialization.unmarshal(
                      request.getBody().readUtf8(), SelfSubjectAccessReview.class);
              var of = review.getSpec().getResourceAttributes();
              String sub = of.getSubresource().isEmpty() ? "" : "/" + of.getSubresource();
              boolean yes =
                  allowed.test(
                      new Right(
                          of.getVerb(),
                          of.getGroup(),
                          of.getResource() + sub,
                          of.getNamespace(),
                          of.getName()));
              return review.edit().withNewStatus().withAllowed(yes).endStatus().build();
            })
        .always();
  }

  /** The rights that the printed text grants, but for that which is not needed. */
  private static Set<Right> granted(Drill drill) {
    Set<Right> granted = new HashSet<>();
    for (String document : Rbac.yaml(drill).split("(?m)^---$", -1)) {
      if (document.lines().allMatch(l -> l.startsWith("#") || l.isBlank())) {
        continue;
      }
      Role role = Serialization.unmarshal(document, Role.class); // a ClusterRole has the same form
      assertThat(document.contains("kind: \"ClusterRole\""))
          .isEqualTo(role.getMetadata().getNamespace() == null);
      for (PolicyRule rule : role.getRules()) {
        String name = rule.getResourceNames().stream().findFirst().orElse(null);
        for (String verb : rule.getVerbs()) {
          for (String resource : rule.getResources()) {
            granted.add(
                new Right(
                    verb,
                    Objects.requireNonNull(rule.getApiGroups().getFirst()),
                    resource,
                    role.getMetadata().getNamespace(),
                    name));
          }
        }
      }
    }
    granted.remove(new Right("list", "", "events", null, null));
    return granted;
  }
}
