package dev.muster.cluster.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.connect.Connection;
import dev.muster.cluster.connect.Limits;
import dev.muster.drill.port.AgentPod;
import dev.muster.hostile.HostileApi;
import dev.muster.wire.AgentEvent;
import dev.muster.wire.AgentLine;
import io.fabric8.kubernetes.api.model.EventList;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@EnableKubernetesMockClient(crud = true)
class AgentPodsTest {
  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  @Test
  void eachLineOfTheAgentIsAnEventWithItsDetails() {
    assertThat(
            AgentPods.lines(
                """
                {"event":"armed","at":"2026-01-01T00:00:00Z","undo":"42 since tick 7"}
                {"event":"probe","ok":"true","millis":"3","why":""}
                """))
        .containsExactly(
            new AgentLine(
                Instant.parse("2026-01-01T00:00:00Z"),
                new AgentEvent.Armed("", Map.of("undo", "42 since tick 7"))),
            new AgentLine(null, new AgentEvent.Probe(true, 3, "")));
  }

  /** Each look has its limit, and what is not known is not made up. */
  @Test
  void aServerThatHangsLeavesThePodUnknown(@TempDir Path folder) throws Exception {
    try (HostileApi api = new HostileApi();
        KubernetesClient hung =
            Connection.open(
                api.kubeconfig(folder),
                null,
                new Limits(Duration.ofSeconds(1), 0, Duration.ZERO))) {
      api.when(".*", api.hangs());
      AgentPod agent =
          new AgentPods(hung, hung, RunNamespaceTest.still(hung)).onNode("f", "n1", Map.of());
      assertThat(agent.said()).isEmpty();
      assertThat(agent.trouble()).isEmpty();
      assertThat(agent.gone()).isFalse();
      agent.delete();
      assertThatExceptionOfType(KubernetesClientException.class)
          .isThrownBy(() -> agent.start(List.of("audit")))
          .satisfies(e -> assertThat(ApiErrors.why(e)).endsWith("no answer in time"));
    }
  }

  @Test
  void whatIsNoLineOfTheAgentIsPassedOver() {
    assertThat(
            AgentPods.lines(
                """
                OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory failed; error=12
                {"level":"info","msg":"of somebody else's"}
                [1, 2]
                {"event":"injecting","inMillis":1000}

                Exception in thread "main" java.lang.OutOfMemoryError: Java heap space
                {"event":"inje\
                """))
        .containsExactly(new AgentLine(null, new AgentEvent.Injecting(1000)));
    assertThat(AgentPods.lines("")).isEmpty();
  }

  @Test
  void theAgentSeesItsNodeAndNothingDrivesItAway() {
    AgentPod agent = pods().onNode("fault-1", "n1", Map.of("muster.dev/agent", "fault-1"));
    agent.start(List.of("inject", "kind=CpuStress"));

    assertThat(agent.identity())
        .containsEntry("namespace", "muster-r")
        .containsEntry("pod", "fault-1");
    Pod pod = client.pods().inNamespace("muster-r").withName("fault-1").get();
    assertThat(pod.getSpec().getNodeName()).isEqualTo("n1");
    assertThat(pod.getSpec().getHostPID()).isTrue();
    assertThat(pod.getSpec().getTolerations())
        .singleElement()
        .satisfies(t -> {
          assertThat(t.getOperator()).isEqualTo("Exists");
          assertThat(t.getKey()).isNull();
        });
    assertThat(pod.getSpec().getContainers().getFirst().getArgs())
        .containsExactly("inject", "kind=CpuStress");
    assertThat(pod.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/managed-by", "muster")
        .containsEntry("muster.dev/run", "r");
    assertThat(client.namespaces().withName("muster-r").get().getMetadata().getLabels())
        .containsEntry("pod-security.kubernetes.io/enforce", "privileged");

    agent.delete();
    assertThat(agent.gone()).isTrue();
    assertThat(agent.trouble()).isEqualTo("the agent's pod is gone");
    agent.delete(); // once more does no harm
  }

  @Test
  void aProbeHasNoRightsAndKeepsAwayFromTheVictim() {
    pods()
        .probe("p", "s", "", "n1", false, Map.of("muster.dev/fault", "0a"))
        .start(List.of("probe"));
    Pod pod = client.pods().inNamespace("s").withName("p").get();
    assertThat(pod.getMetadata().getOwnerReferences())
        .as("it goes with the run's namespace")
        .singleElement()
        .satisfies(owner -> {
          assertThat(owner.getKind()).isEqualTo("Namespace");
          assertThat(owner.getUid())
              .isEqualTo(client.namespaces().withName("muster-r").get().getMetadata().getUid());
        });
    assertThat(pod.getSpec().getNodeName()).isNull();
    assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getSpec().getContainers().getFirst().getSecurityContext().getPrivileged())
        .isNull();
    var term =
        pod.getSpec()
            .getAffinity()
            .getNodeAffinity()
            .getRequiredDuringSchedulingIgnoredDuringExecution()
            .getNodeSelectorTerms()
            .getFirst();
    assertThat(term.getMatchExpressions()).as("a label need not be its name").isEmpty();
    assertThat(term.getMatchFields().getFirst().getKey()).isEqualTo("metadata.name");
    assertThat(term.getMatchFields().getFirst().getOperator()).isEqualTo("NotIn");
    assertThat(term.getMatchFields().getFirst().getValues()).containsExactly("n1");
  }

  @Test
  void aProbeOnANodeStaysThereWhateverTheNodeIsTaintedWith() {
    pods().probe("p", "s", "n1", "", true, Map.of()).start(List.of("probe"));
    var spec = client.pods().inNamespace("s").withName("p").get().getSpec();
    assertThat(spec.getNodeName()).isEqualTo("n1");
    assertThat(spec.getTolerations())
        .singleElement()
        .satisfies(t -> assertThat(t.getKey()).isNull());
  }

  /** All workers are tainted, as those with GPUs are. */
  @Test
  void aProbeAndWhatReapsTheNamespaceTolerateWhatNodesAreTaintedWith() {
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: v1
                kind: Node
                metadata: {name: gpu-1}
                spec: {taints: [{key: nvidia.com/gpu, value: "true", effect: NoSchedule}]}
                status: {conditions: [{type: Ready, status: "True"}]}
                """,
                Node.class))
        .create();
    pods().probe("p", "s", "", "gpu-2", false, Map.of()).start(List.of("probe"));
    for (PodSpec spec :
        List.of(
            client.pods().inNamespace("s").withName("p").get().getSpec(),
            client
                .apps()
                .deployments()
                .inNamespace("muster-r")
                .withName("reaper")
                .get()
                .getSpec()
                .getTemplate()
                .getSpec())) {
      assertThat(spec.getTolerations()).extracting(Toleration::getKey).contains("nvidia.com/gpu");
    }
  }

  @Test
  void aPodThatWaitsSaysWhatForInTheWordsOfSchedulerAndKubelet() {
    AgentPod agent = pods().probe("p", "muster-r", "", "n1", false, Map.of());
    assertThat(agent.trouble()).isEqualTo("the agent's pod is gone");
    agent.start(List.of("probe"));
    assertThat(agent.look()).isEqualTo(new AgentPod.Look("", "Pending", false));
    becomes(
        "p",
        """
        {phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: Unschedulable,
          message: "0/3 nodes are available: 3 node(s) had untolerated taint {a: b}."}]}\
        """);
    assertThat(agent.look())
        .as("room may come")
        .isEqualTo(
            new AgentPod.Look(
                "",
                "Pending Unschedulable, 0/3 nodes are available: 3 node(s) had untolerated taint"
                    + " {a: b}.",
                false));
    becomes(
        "p",
        """
        {conditions: [{type: PodScheduled, status: "True"}, {type: Initialized, status: "True"}, {type: Ready}],
         containerStatuses: [{state: {waiting: {reason: ContainerCreating}}}]}\
        """);
    assertThat(agent.look())
        .isEqualTo(
            new AgentPod.Look("", "Pending ContainerCreating [PodScheduled, Initialized]", true));
    becomes(
        "p",
        "{containerStatuses: [{state: {waiting: {reason: CreateContainerError, message: slow}}}]}");
    assertThat(agent.look())
        .as("it is tried again")
        .isEqualTo(new AgentPod.Look("", "Pending CreateContainerError, slow", false));
    becomes("p", "{phase: Running, containerStatuses: [{}]}");
    assertThat(agent.look()).isEqualTo(new AgentPod.Look("", "Running", true));
  }

  @Test
  void theLastEventsOfThePodAreTold() {
    AgentPod agent = pods().onNode("f", "n1", Map.of());
    agent.start(List.of("inject"));
    assertThat(agent.events()).isEmpty();
    String uid = client.pods().inNamespace("muster-r").withName("f").get().getMetadata().getUid();
    var all =
        Serialization.unmarshal(
            """
            items:
              - {reason: Failed, message: b, lastTimestamp: "2026-01-01T00:00:09Z", count: 7}
              - {reason: Pulling, message: a, lastTimestamp: "2026-01-01T00:00:03Z", count: 1}
              - {reason: Told, message: c, eventTime: "2026-01-01T00:00:01.000001Z",
                 series: {count: 2, lastObservedTime: "2026-01-01T00:00:08.000001Z"}}
              - {reason: Scheduled, message: x, eventTime: "2026-01-01T00:00:02.000001Z"}
            """,
            EventList.class);
    events(uid, 200, all);
    assertThat(agent.events()).isEqualTo("Pulling, a; Told, c (2 times); Failed, b (7 times)");
    events(uid, 403, "{}");
    assertThat(agent.events()).startsWith("they can not be read: ").contains("muster rbac");
  }

  private void events(String uid, int code, Object answer) {
    server
        .expect()
        .get()
        .withPath(
            "/api/v1/namespaces/muster-r/events?fieldSelector=involvedObject.uid%3D"
                + uid
                + "&limit=500")
        .andReturn(code, answer)
        .once();
  }

  private void becomes(String name, String status) {
    Pod made = client.pods().inNamespace("muster-r").withName(name).get();
    made.setStatus(Serialization.unmarshal("status: " + status, Pod.class).getStatus());
    client.pods().resource(made).updateStatus();
  }

  @Test
  void troubleIsAReasonThatDoesNotPassOrAnEndWithoutSuccess() {
    assertThat(trouble("{state: {waiting: {reason: ContainerCreating}}}")).isEmpty();
    assertThat(trouble("{state: {running: {}}}")).isEmpty();
    assertThat(trouble("{state: {waiting: {reason: ErrImagePull, message: not found}}}"))
        .isEqualTo("the agent's image a:1: ErrImagePull not found");
    assertThat(trouble("{state: {terminated: {exitCode: 0}}}")).isEmpty();
    assertThat(trouble("{state: {terminated: {exitCode: 3}}}"))
        .isEqualTo("the agent ended with exit code 3");
  }

  @Test
  void aNodeThatRefusesThePodIsHeard() {
    AgentPod agent = pods().onNode("f", "n1", Map.of());
    agent.start(List.of("inject"));
    becomes("f", "{phase: Failed, reason: OutOfpods, message: Pod was rejected}");
    assertThat(agent.trouble()).isEqualTo("the agent's pod failed: OutOfpods, Pod was rejected");
  }

  private String trouble(String status) {
    AgentPod agent = pods().onNode("f", "n1", Map.of());
    agent.start(List.of("inject"));
    becomes("f", "{phase: Running, containerStatuses: [" + status + "]}");
    try {
      return agent.trouble();
    } finally {
      agent.delete();
    }
  }

  private AgentPods pods() {
    return new AgentPods(client, client, RunNamespaceTest.still(client));
  }
}
