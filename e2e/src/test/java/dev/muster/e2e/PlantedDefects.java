package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What nobody sees from outside, planted in a service that answers well: a usage record that is
 * deleted behind the gateway's back, a gateway whose watch is stuck, a worker that logs nothing, a
 * log line of a request that nobody sent, an alert whose rule misspells a metric. A member of etcd
 * from an old snapshot is planted in LiveEtcdTest.
 */
record PlantedDefects(Muster muster, WatchedLab lab, Path home) {
  private static final String USAGE = "/deepseek/usage/";
  private static final String STRANGER = "nobody-sent-this";
  private static final String MISSPELT = "kube_deployment_status_replicas_availabel";
  private static final Duration SOON = Duration.ofMinutes(1);

  void areFoundAndNamed() throws Exception {
    String stuck = stuckGateway();
    String mute = muteWorker();
    apply(stranger());
    Path chart = chartWithMisspeltRule();
    Set<String> before = records();
    String deleted =
        muster.alone(() -> {
          Process run = muster.start("run", drill(chart).toString(), "--lab", WatchedLab.NAME);
          String gone = deleteNewRecord(before);
          assertThat(run.waitFor()).as(muster.output()).isEqualTo(1);
          return gone;
        });

    JsonNode report = muster.report();
    JsonNode writes = failed(report, "acknowledgedWrites");
    assertThat(writes.path("evidence").toString()).contains(deleted);
    JsonNode caches = failed(report, "caches");
    assertThat(caches.path("why").asString()).contains(stuck + " still knows");
    JsonNode reconciled = failed(report, "reconciled");
    assertThat(reconciled.path("why").asString())
        .contains(mute + " served")
        .contains("logged none");
    assertThat(reconciled.path("evidence").toString())
        .contains("request " + STRANGER + ": sent by no client of this run")
        .contains("request " + deleted + ": complete for its client, and no usage record");
    JsonNode alerts = failed(report, "alerts");
    assertThat(alerts.path("why").asString()).contains(MISSPELT);
  }

  private static JsonNode failed(JsonNode report, String check) {
    JsonNode finding = Muster.finding(report, check);
    assertThat(finding.path("status").asString()).as(finding.toString()).isEqualTo("fail");
    return finding;
  }

  /** Its connection to etcd is there, and nothing comes by it any more. */
  private String stuckGateway() {
    deepseek("set", "env", "deployment/deepseek-api", "WATCH_SILENCE=30m");
    rolledOut("deepseek-api");
    String pod = pods("app.kubernetes.io/component=api").getFirst();
    long pid = gateway(pod);
    String connections =
        inNetworkOf(pid, "ss", "-Htn", "state", "established", "dport", "=", ":2379");
    assertThat(connections).as("watch of " + pod).isNotBlank();
    connections
        .lines()
        .map(line -> line.strip().split("\\s+", -1)[2])
        .map(local -> local.substring(local.lastIndexOf(':') + 1))
        .forEach(port ->
            inNetworkOf(
                pid,
                "iptables",
                "-I",
                "INPUT",
                "-p",
                "tcp",
                "--sport",
                "2379",
                "--dport",
                port,
                "-j",
                "DROP"));
    return pod;
  }

  private static long gateway(String pod) {
    return ProcessHandle.allProcesses()
        .mapToLong(ProcessHandle::pid)
        .filter(pid ->
            proc(pid, "cmdline").contains("dev.muster.deepseek.api.Main")
                && proc(pid, "environ").contains("POD_NAME=" + pod + "\0"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no process of " + pod));
  }

  private static String proc(long pid, String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), file));
    } catch (IOException e) {
      return ""; // it has ended
    }
  }

  private static String inNetworkOf(long pid, String... command) {
    return LabFolder.ended(
        Stream.concat(Stream.of("nsenter", "--net=/proc/" + pid + "/ns/net"), Stream.of(command))
            .toList());
  }

  /** A fourth worker like the others, but for where its output goes. */
  private String muteWorker() {
    ObjectNode deployment =
        (ObjectNode)
            new JsonMapper().readTree(deepseek("get", "deployment/deepseek-worker", "-o", "json"));
    deployment.remove("status");
    deployment.set("metadata", deployment.objectNode().put("name", "mute-worker"));
    ObjectNode spec = (ObjectNode) deployment.path("spec");
    spec.put("replicas", 1);
    ((ObjectNode) spec.at("/selector/matchLabels")).put("planted", "mute");
    ((ObjectNode) spec.at("/template/metadata/labels")).put("planted", "mute");
    ObjectNode pod = (ObjectNode) spec.at("/template/spec");
    ObjectNode container = (ObjectNode) pod.at("/containers/0");
    var command = container.arrayNode();
    List.of("/tmp/busybox", "sh", "-c", "exec \"$@\" > /dev/null", "sh").forEach(command::add);
    container.path("command").forEach(command::add);
    container.set("command", command);
    ObjectNode copy = pod.withArray("initContainers").addObject();
    copy.put("name", "shell").put("image", "muster.dev/pause:1").put("imagePullPolicy", "Never");
    copy.putArray("command").add("/busybox").add("cp").add("/busybox").add("/tmp/busybox");
    copy.set("volumeMounts", container.path("volumeMounts"));
    apply(deployment.toString());
    rolledOut("mute-worker");
    return pods("planted=mute").getFirst();
  }

  private static String stranger() {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: stranger, namespace: deepseek}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
      - name: main
        image: muster.dev/pause:1
        imagePullPolicy: Never
        command:
        - /busybox
        - sh
        - -c
        - |
          while true; do
            echo '{"@timestamp":"'$(/busybox date -u +%%FT%%TZ)'","component":"api","message":"request finished","request_id":"%s","outcome":"complete"}'
            /busybox sleep 5
          done
    """
        .formatted(STRANGER);
  }

  private Path chartWithMisspeltRule() throws IOException {
    Path chart = home.resolve("misspelt");
    try (Stream<Path> files = Files.walk(MonitoringChart.FOLDER)) {
      for (Path file : files.toList()) {
        Files.copy(file, chart.resolve(MonitoringChart.FOLDER.relativize(file)));
      }
    }
    Path rules = chart.resolve("rules/pod.yaml");
    String right = Files.readString(rules);
    String wrong = right.replace("kube_deployment_status_replicas_available", MISSPELT);
    assertThat(wrong).isNotEqualTo(right);
    Files.writeString(rules, wrong);
    return chart;
  }

  private Path drill(Path chart) throws IOException {
    return Files.writeString(
        home.resolve("planted.yaml"),
        """
        apiVersion: muster.dev/v1
        kind: Drill
        metadata: {name: planted}
        monitor: {chart: %s, release: monitoring, namespace: monitoring}
        target: {namespace: deepseek, selector: {labelSelectors: {app.kubernetes.io/component: worker}}, endpoint: ingress}
        load: {arrivals: {poisson: 8/s}, prompt: {tokens: 50}, answer: {tokens: 20}, baseline: 15s}
        faults:
          - {kind: PodKill, gracePeriod: 0s, selector: {expressionSelectors: [
              {key: app.kubernetes.io/component, operator: In, values: [worker]},
              {key: planted, operator: DoesNotExist}]}}
          - hold: 15s
        expect:
          alerts: [{name: ReplicasMissing, firesWithin: 20s}]
          reconciled: {unexplained: 0}
          consistency: {acknowledgedWrites: kept}
          caches: {agreeWithin: 20s}
        """
            .formatted(chart));
  }

  /** The id of the first request that has a record which was not there before. */
  private String deleteNewRecord(Set<String> before) {
    String key =
        await("a record of this run")
            .atMost(Duration.ofMinutes(3))
            .pollInterval(Duration.ofSeconds(1))
            .until(
                () -> records().stream().filter(k -> !before.contains(k)).findFirst().orElse(""),
                found -> !found.isEmpty());
    assertThat(etcdctl("del", key)).isEqualTo("1");
    return key.substring(USAGE.length());
  }

  private Set<String> records() {
    Set<String> keys = new TreeSet<>();
    etcdctl("get", USAGE, "--prefix", "--keys-only")
        .lines()
        .filter(line -> line.startsWith(USAGE))
        .forEach(keys::add);
    return keys;
  }

  private String etcdctl(String... arguments) {
    return deepseek(
        Stream.concat(
                Stream.of("exec", "deepseek-etcd-0", "--", "/usr/bin/etcdctl"),
                Stream.of(arguments))
            .toArray(String[]::new));
  }

  private List<String> pods(String selector) {
    return deepseek(
            "get", "pods", "-l", selector, "--field-selector=status.phase=Running", "-o", "name")
        .lines()
        .map(name -> name.substring("pod/".length()))
        .toList();
  }

  private void rolledOut(String deployment) {
    deepseek(
        "rollout", "status", "deployment/" + deployment, "--timeout=" + SOON.toSeconds() + "s");
  }

  private void apply(String manifest) {
    try {
      Path file = Files.writeString(home.resolve("planted-object.yaml"), manifest);
      deepseek("apply", "-f", file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String deepseek(String... arguments) {
    return lab.kubectl(
        Stream.concat(Stream.of("-n", "deepseek"), Stream.of(arguments)).toArray(String[]::new));
  }
}
