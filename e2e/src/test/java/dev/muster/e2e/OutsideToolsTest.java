package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kubectl and helm as anybody would use them on the lab: with its kubeconfig and nothing else. */
@Tag("lab")
@Order(6)
class OutsideToolsTest {
  @TempDir static Path home;
  private static Muster muster;
  private static String kubeconfig;

  @BeforeAll
  static void up() {
    muster = new Muster(home);
    Muster.Ended up =
        muster.run(Duration.ofMinutes(3), "lab", "up", "--name", "tools", "--nodes", "3");
    assertThat(up.exit()).as(up.endFirst()).isZero();
    kubeconfig = home.resolve("labs/tools/pki/admin.conf").toString();
  }

  @AfterAll
  static void down() {
    muster.run(Duration.ofMinutes(1), "lab", "down", "--name", "tools");
  }

  @Test
  void kubectlGetsDescribesLogsExecutesAppliesAndDrains() throws Exception {
    Path pod = Files.writeString(home.resolve("pod.yaml"), POD);
    kubectl("apply", "-f", pod.toString());
    kubectl("rollout", "status", "deployment/echo", "--timeout=60s");
    String name = kubectl("get", "pods", "-l", "app=echo", "-o", "name").strip();
    assertThat(kubectl("describe", name)).contains("Successfully assigned");
    assertThat(kubectl("logs", name)).contains("here I am");
    assertThat(kubectl("exec", name, "--", "/busybox", "echo", "inside")).contains("inside");
    String node = kubectl("get", name, "-o", "jsonpath={.spec.nodeName}").strip();
    assertThat(
            kubectl(
                "drain",
                node,
                "--ignore-daemonsets",
                "--delete-emptydir-data",
                "--force",
                "--timeout=90s"))
        .contains("drained");
    kubectl("rollout", "status", "deployment/echo", "--timeout=60s");
    assertThat(kubectl("get", "pods", "-l", "app=echo", "-o", "jsonpath={.items[*].spec.nodeName}"))
        .doesNotContain(node);
    kubectl("uncordon", node);
  }

  @Test
  void helmInstallsUpgradesAndRollsBack() throws Exception {
    Path chart = home.resolve("chart");
    Files.createDirectories(chart.resolve("templates"));
    Files.writeString(chart.resolve("Chart.yaml"), "apiVersion: v2\nname: small\nversion: 0.1.0\n");
    Files.writeString(chart.resolve("values.yaml"), "word: first\n");
    Files.writeString(
        chart.resolve("templates/map.yaml"),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: small}\ndata: {word: {{ .Values.word | quote }}}\n");
    helm("install", "small", chart.toString(), "--wait");
    assertThat(word()).isEqualTo("first");
    helm("upgrade", "small", chart.toString(), "--set", "word=second", "--wait");
    assertThat(word()).isEqualTo("second");
    helm("rollback", "small", "1", "--wait");
    assertThat(word()).isEqualTo("first");
    helm("uninstall", "small");
  }

  @Test
  void whatAFaultNeedsRunsInTheAgentsImage() throws Exception {
    Path pod = Files.writeString(home.resolve("agent.yaml"), AGENT);
    kubectl("apply", "-f", pod.toString());
    kubectl("wait", "--for=condition=Ready", "pod/agent", "--timeout=60s");
    // no maintainer script of their packages has run
    for (String command :
        List.of(
            "iptables-nft -L",
            "iptables-legacy -L",
            "ipset list",
            "tc qdisc",
            "stress-ng --cpu 1 --timeout 1",
            "ps -e",
            "nsenter --version",
            "setsid --version",
            "fallocate -V",
            "/jre/bin/java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx48m -version")) {
      List<String> line = new ArrayList<>(List.of("exec", "agent", "--"));
      line.addAll(List.of(command.split(" ")));
      kubectl(line.toArray(String[]::new));
    }
    kubectl("delete", "pod", "agent", "--force");
  }

  private static String word() throws Exception {
    return kubectl("get", "configmap", "small", "-o", "jsonpath={.data.word}");
  }

  private static String kubectl(String... arguments) throws Exception {
    return program("1.37.2/kubectl", "--kubeconfig", arguments);
  }

  private static String helm(String... arguments) throws Exception {
    return program("helm/helm", "--kubeconfig", arguments);
  }

  private static String program(String path, String option, String... arguments)
      throws IOException, InterruptedException {
    String cache = System.getenv("MUSTER_CACHE");
    Path bin =
        cache == null
            ? Path.of(System.getProperty("user.home"), ".cache/muster/bin")
            : Path.of(cache, "bin");
    List<String> command =
        new ArrayList<>(List.of(bin.resolve(path).toString(), option, kubeconfig));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private static final String POD =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: echo}
      spec:
        selector: {matchLabels: {app: echo}}
        template:
          metadata: {labels: {app: echo}}
          spec:
            terminationGracePeriodSeconds: 1
            containers:
              - name: echo
                image: muster.dev/pause:1
                imagePullPolicy: Never
                command: [/busybox, sh, -c, "echo here I am; exec /busybox sleep 3600"]
      """;

  private static final String AGENT =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: agent}
      spec:
        hostNetwork: true
        containers:
          - name: agent
            image: muster.dev/agent:2
            imagePullPolicy: Never
            command: [/bin/busybox, sleep, "3600"]
            securityContext: {privileged: true}
      """;
}
