package dev.muster.engine.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.cluster.fault.Rbac;
import dev.muster.cluster.run.AgentPods;
import dev.muster.cluster.run.RunNamespace;
import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillFile;
import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.port.Power;
import dev.muster.drill.time.RealTime;
import dev.muster.drill.time.Time;
import dev.muster.engine.console.Console;
import dev.muster.engine.home.Refusal;
import dev.muster.engine.run.Abort;
import dev.muster.engine.run.AbortProbes;
import dev.muster.engine.run.AbortRules;
import dev.muster.engine.run.DrillRun;
import dev.muster.engine.run.Observers;
import dev.muster.engine.run.Recorder;
import dev.muster.engine.run.RunState;
import dev.muster.engine.site.Site;
import dev.muster.timeline.Event;
import dev.muster.timeline.file.Journal;
import dev.muster.timeline.file.TimelineFile;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each kind of fault in a whole run against an API server that permits what {@code muster rbac}
 * prints for the drill, and answers everything else with 403.
 */
@Timeout(120)
class PrintedRolesTest {
  private static final String CLUSTER =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: s, labels: {a: b}}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: deepseek-faults, namespace: s}
      data: {token: eA==}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: other, namespace: s}
      data: {token: eA==}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: kubernetes, namespace: default}
      spec: {clusterIP: 10.96.0.1}
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: kubernetes, namespace: default, labels: {kubernetes.io/service-name: kubernetes}}
      addressType: IPv4
      endpoints: [{addresses: [10.0.0.9]}]
      """;

  private static final String NODE =
      """
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n%1$s}
      spec: {podCIDRs: [10.244.%1$s.0/24]}
      status:
        addresses: [{type: InternalIP, address: 10.0.0.%1$s}]
        allocatable: {cpu: "4", memory: 8Gi, pods: "10"}
        capacity: {cpu: "4"}
        conditions: [{type: Ready, status: "True"}]
        nodeInfo: {bootID: x}
      ---
      apiVersion: coordination.k8s.io/v1
      kind: Lease
      metadata: {name: n%1$s, namespace: kube-node-lease}
      spec: {renewTime: "2026-01-01T00:00:00.000000Z"}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: w%1$s, namespace: s, labels: {app: w}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: w, uid: w}]}
      spec:
        nodeName: n%1$s
        containers: [{name: c, ports: [{containerPort: 80}]}]
        tolerations: [{key: node.kubernetes.io/unreachable, effect: NoExecute, tolerationSeconds: 30}]
      status:
        phase: Running
        podIP: 10.244.%1$s.2
        conditions: [{type: Ready, status: "True"}]
        containerStatuses: [{name: c, containerID: "containerd://a%1$s", state: {running: {}}, restartCount: 0}]
      """;

  private static final String COMPLETION =
      """
      data: {"choices":[{"delta":{"content":"1 "},"finish_reason":"stop"}]}

      data: [DONE]

      """;

  @TempDir Path folder;

  private final Map<String, Integer> asked = new ConcurrentHashMap<>();
  private final List<String> uids = new ArrayList<>();
  private String extra = "";

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{kind: NodeShutdown, duration: 1s, ttl: 1m}",
        "{kind: NodeShutdown, action: reboot, duration: 1s, ttl: 1m}",
        "{kind: NodeNetwork, duration: 1s, ttl: 1m}",
        "{kind: NodeNetwork, peers: nodes, duration: 1s, ttl: 1m}",
        "{kind: NodeNetwork, peers: control-plane, duration: 1s, ttl: 1m}",
        "{kind: NodeNetwork, cidrs: [10.0.0.0/24], duration: 1s, ttl: 1m}",
        "{kind: NetworkPolicy, duration: 1s, ttl: 1m}",
        "{kind: NetworkPolicy, direction: to, peerSelector: {labelSelectors: {app: w}}, duration:"
            + " 1s, ttl: 1m}",
        "{kind: NetworkPolicy, direction: to, cidrs: [10.0.0.0/24], duration: 1s, ttl: 1m}",
        "{kind: CpuStress, duration: 1s, ttl: 1m}",
        "{kind: CpuStress, in: pod, duration: 1s, ttl: 1m}",
        "{kind: MemoryStress, size: 64MiB, duration: 1s, ttl: 1m}",
        "{kind: MemoryStress, until: MemoryPressure, duration: 1s, ttl: 1m}",
        "{kind: MemoryStress, in: pod, size: 64MiB, duration: 1s, ttl: 1m}",
        "{kind: DiskFill, size: 64MiB, duration: 1s, ttl: 1m}",
        "{kind: ProcessKill}",
        "{kind: ProcessPause, duration: 1s, ttl: 1m}",
        "{kind: KubeletStop, duration: 1s, ttl: 1m}",
        "{kind: PodKill, gracePeriod: 0s}",
        "{kind: PodKill, gracePeriod: 0s, follow: true, duration: 2s, ttl: 1m}",
        "{kind: PodKill, gracePeriod: 0s, every: 1s, duration: 2s, ttl: 1m}",
        "{kind: PodKill, gracePeriod: 0s, selector: {nodes: [n1]}}",
        "{kind: PodKill, gracePeriod: 0s, selector: {fieldSelectors: {spec.nodeName: n1}}}",
        "{kind: PodKill, gracePeriod: 0s, selector: {pods: {s: [w1]}}}",
        "{kind: ProcessKill, follow: true, duration: 2s, ttl: 1m}",
        "{kind: ProcessKill, every: 1s, duration: 2s, ttl: 1m}",
        "{kind: ProcessPause, follow: true, duration: 2s, ttl: 1m}",
        "{kind: CpuStress, in: pod, follow: true, mode: all, duration: 2s, ttl: 1m}",
        "{kind: NetworkPolicy, peerSelector: {hosting: target}, duration: 1s, ttl: 1m}",
        "{kind: DnsFailure, duration: 1s, ttl: 1m}",
        "{kind: NetworkDelay, latency: 100ms, duration: 1s, ttl: 1m}",
        "{kind: NetworkLoss, loss: 50%, duration: 1s, ttl: 1m}",
        "{kind: LlmFault, failure: lying-health, duration: 1s, ttl: 1m}",
        "{kind: LlmFault, failure: stuck-decode, tokenSecret: other, port: 81, duration: 1s, ttl: 1m}",
      })
  void aFaultRunsUnderItsOwnPrintedRoles(String fault) throws InterruptedException {
    Drill drill = drill(fault);
    RoleBound roles = new RoleBound(Rbac.yaml(drill), new Started(), this::answer);
    List<Event> events = run(drill, roles);
    assertThat(roles.refused).as("what was asked for and no role permits").isEmpty();
    assertThat(events)
        .as("it was carried out")
        .anyMatch(e -> e instanceof Event.FaultInjected)
        .anyMatch(e -> e instanceof Event.ResidueAudited a && a.notLookedAt().isEmpty());
  }

  /** A new kind is one more line above. */
  @Test
  void noKindIsLeftOut() throws NoSuchMethodException {
    String[] lines =
        PrintedRolesTest.class
            .getDeclaredMethod("aFaultRunsUnderItsOwnPrintedRoles", String.class)
            .getAnnotation(ValueSource.class)
            .strings();
    assertThat(
            Arrays.stream(lines).map(l -> drill(l).faults().getFirst().kind().getClass().getName()))
        .containsAll(
            Arrays.stream(FaultKind.class.getPermittedSubclasses()).map(Class::getName).toList());
  }

  /** A right may be taken away while a drill goes on, and a review need not know everything. */
  @Test
  void aRightThatIsMissingInMidRunIsToldInWords() throws InterruptedException {
    Drill drill = drill("{kind: PodKill, gracePeriod: 0s}");
    RoleBound roles = new RoleBound(Rbac.yaml(drill), new Started(), this::answer);
    roles.withheld.add("delete pods");
    assertThat(run(drill, roles))
        .filteredOn(e -> e instanceof Event.FaultNotVerified)
        .singleElement()
        .asString()
        .contains(
            "the cluster refused: pods is forbidden: User \"driller\" cannot delete",
            "'muster rbac DRILL' prints the roles")
        .doesNotContain("Failure executing", "http://");
  }

  /** A virtual node, one that is not Ready and one that the drill names as protected. */
  @Test
  void nodesThatNoFaultGoesToAreToldAndRefuseNothing() throws InterruptedException {
    extra =
        """
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: virtual, labels: {type: virtual-kubelet}}
        status: {conditions: [{type: Ready, status: "True"}]}
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: broken}
        spec: {taints: [{key: node.kubernetes.io/unreachable, effect: NoSchedule}]}
        status: {conditions: [{type: Ready, status: Unknown}]}
        """;
    Drill drill = drill("{kind: CpuStress, duration: 1s, ttl: 1m}", "protect: {nodes: [n3]}\n");
    List<Event> events = run(drill, new RoleBound(Rbac.yaml(drill), new Started(), this::answer));
    assertThat(events)
        .filteredOn(e -> e instanceof Event.ResidueAudited)
        .singleElement()
        .satisfies(e -> {
          Event.ResidueAudited audit = (Event.ResidueAudited) e;
          assertThat(audit.residue()).isEmpty();
          assertThat(audit.notLookedAt()).isEmpty();
          assertThat(audit.passedOver())
              .containsExactlyInAnyOrder(
                  "node virtual is virtual",
                  "node broken is not Ready",
                  "node n3 is named under protect.nodes");
        });
    assertThat(events).anyMatch(e -> e instanceof Event.FaultInjected);
  }

  /** There it matters what a node is. */
  @Test
  void aVictimThatCanNotCarryAnAgentOrIsNotReadyIsRefused() {
    extra =
        """
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: v, labels: {type: virtual-kubelet}}
        spec: {}
        status: {conditions: [{type: Ready, status: Unknown}]}
        """;
    Drill drill = drill("{kind: CpuStress, selector: {nodes: [v]}, duration: 1s, ttl: 1m}");
    assertThatThrownBy(
            () -> run(drill, new RoleBound(Rbac.yaml(drill), new Started(), this::answer)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("node v is not Ready already")
        .hasMessageContaining("node v is virtual: no agent can carry a fault there")
        .hasMessageContaining("could not be looked at: node v is virtual");
  }

  private static Drill drill(String fault) {
    return drill(fault, "");
  }

  private static Drill drill(String fault, String more) {
    return DrillFile.parseKept(
        """
        apiVersion: muster.dev/v1
        kind: Drill
        metadata: {name: d}
        target: {namespace: s, selector: {labelSelectors: {app: w}}, endpoint: 'http://svc.example'}
        load: {arrivals: {constant: 1/s}, baseline: 5s}
        faults: [%s]
        expect: {recovered: {within: 1s}, residue: none}
        %s
        """
            .formatted(fault, more),
        "d.yaml");
  }

  @SuppressWarnings(
      "deprecation") // the mock wants the library's own mapper, which is told nowhere else
  private List<Event> run(Drill drill, RoleBound roles) throws InterruptedException {
    KubernetesMockServer server =
        new KubernetesMockServer(
            new Context(Serialization.jsonMapper()),
            new MockWebServer(),
            new HashMap<>(),
            roles,
            false);
    server.init();
    try (KubernetesClient owner = server.createClient();
        KubernetesClient client = server.createClient()) {
      client.getConfiguration().setRequestRetryBackoffLimit(0);
      roles.open = true;
      make(owner);
      owner
          .pods()
          .inNamespace("s")
          .list()
          .getItems()
          .forEach(p -> uids.add(p.getMetadata().getUid()));
      roles.open = false;
      return run(drill, client);
    } finally {
      server.destroy();
    }
  }

  private void make(KubernetesClient owner) {
    String all =
        CLUSTER + Stream.of("1", "2", "3").map(NODE::formatted).reduce("", String::concat) + extra;
    owner
        .load(new ByteArrayInputStream(all.getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(o -> owner.resource(o).create());
  }

  /** As {@link Wiring} does it, with time that runs faster and nobody who asks for answers. */
  private List<Event> run(Drill drill, KubernetesClient client) throws InterruptedException {
    // the drill's lease lasts 40 s: a busy machine must not lose it in a moment
    Time time = new FastTime(10);
    Site site = new Site(folder, null, power(), null, null, Map.of(), Map.of(), Map.of());
    RunState state = new RunState();
    Abort abort = new Abort(time);
    var silent = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    AgentPods pods =
        new AgentPods(client, client, new RunNamespace(client, "r", "a:1", RealTime.TIME));
    try (Console console = new Console(silent, () -> 0, true, RealTime.TIME);
        Journal journal = Journal.open(folder);
        AbortProbes probes = new AbortProbes(new NoLoad(), Optional.empty());
        RealCluster cluster = new RealCluster(drill, site, null, client, client, pods, time)) {
      Recorder recorder = new Recorder(journal::append, journal::check, state, console, abort);
      new DrillRun(
              drill,
              cluster,
              new NoLoad(),
              watch ->
                  new RealFaults(drill, client, client, pods, site.power(), watch, time, recorder),
              new Observers(List.of(), recorder, time),
              new AbortRules(List.of(), probes, RealTime.TIME, abort),
              recorder,
              Map::of,
              state,
              console,
              abort,
              time,
              new DrillRun.Pace(Duration.ZERO, Duration.ZERO, Duration.ZERO),
              false)
          .run("r", Map.of());
    }
    return TimelineFile.read(folder).events();
  }

  /** Objects, and a kubelet that starts what is created. */
  private static final class Started extends Dispatcher {
    private static final String STATUS =
        ",\"status\": {\"phase\": \"Running\", \"conditions\": [{\"type\": \"Ready\", \"status\":"
            + " \"True\"}], \"containerStatuses\": [{\"name\": \"agent\", \"state\": {\"running\":"
            + " {}}}]}}";

    private final Dispatcher objects = new KubernetesCrudDispatcher();

    @Override
    public MockResponse dispatch(RecordedRequest request) {
      String path = Objects.requireNonNull(request.getPath());
      if (path.contains("fieldSelector=spec.nodeName")) { // which the mock does not know
        return objects.dispatch(with(request, path.replaceAll("\\?.*", ""), new byte[0]));
      }
      if (!"POST".equals(request.getMethod()) || !path.endsWith("/pods")) {
        return objects.dispatch(request);
      }
      String body = request.getUtf8Body(); // can be read once
      String started =
          body.contains("\"status\"") ? body : body.replaceAll("}\\s*$", "").concat(STATUS);
      return objects.dispatch(with(request, path, started.getBytes(StandardCharsets.UTF_8)));
    }

    private static RecordedRequest with(RecordedRequest request, String path, byte[] body) {
      return new RecordedRequest(
          request.getHttpVersion(), request.method(), path, request.getHeaders(), new Buffer(body));
    }
  }

  private static Power power() {
    return new Power() {
      @Override
      public void off(String node) {
        // nothing is behind it
      }

      @Override
      public void on(String node) {
        // nothing is behind it
      }

      @Override
      public State state(String node) {
        return State.ON;
      }

      @Override
      public String describe() {
        return "none";
      }
    };
  }

  /** What kubelets and agents say; null where the objects are asked for. */
  private @Nullable String answer(RecordedRequest request) {
    String path = Objects.requireNonNull(request.getPath()).replaceAll("\\?.*", "");
    if (path.endsWith("/log")) {
      return log(path);
    }
    if (path.endsWith("/proxy/stats/summary")) {
      return """
      {"node": {"cpu": {"usageNanoCores": 500000000}, "memory": {"workingSetBytes": 1000000000, "availableBytes": 7000000000},
        "fs": {"availableBytes": 9000000000, "capacityBytes": 10000000000}},
       "pods": [%s]}
      """
          .formatted(
              uids.stream()
                  .map(
                      "{\"podRef\": {\"uid\": \"%s\"}, \"cpu\": {\"usageNanoCores\": 1}}"
                          ::formatted)
                  .collect(Collectors.joining(",")));
    }
    if (path.endsWith("/proxy/configz")) {
      return "{\"kubeletconfig\": {\"evictionHard\": {\"memory.available\": \"100Mi\"}}}";
    }
    if (path.contains("/proxy/faults")) {
      return "{\"faults\": []}";
    }
    return path.endsWith("/chat/completions") ? COMPLETION : path.contains("/proxy") ? "ok" : null;
  }

  /** A probe reaches its aim thirty times, as often as any asks for, and then no more. */
  private String log(String path) {
    if (path.contains("-probe/")) {
      int looks = asked.merge(path, 1, Integer::sum);
      return "{\"event\":\"probe\",\"ok\":\"true\",\"millis\":\"1\"}\n".repeat(30)
          + "{\"event\":\"probe\",\"ok\":\"false\",\"why\":\"timeout\"}\n"
              .repeat(Math.max(0, looks - 5));
    }
    if (path.contains("/fault-")) {
      return "{\"event\":\"injecting\"}\n{\"event\":\"verified\"}\n{\"event\":\"reverted\"}\n";
    }
    return "{\"event\":\"node\",\"netem\":\"true\"}\n{\"event\":\"audited\"}\n";
  }
}
