package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NetworkPolicy in the lab, between pods: a server, one beside it, one on the other node. */
@Tag("lab")
@Order(7)
class NetworkPolicyTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir static Path home;
  private static Muster muster;

  @BeforeAll
  static void up() throws Exception {
    muster = new Muster(home);
    ok("lab", "up", "--name", "policies", "--nodes", "2");
    String pods = pod("server", "node-1") + pod("near", "node-1") + pod("far", "ops");
    apply("pods", pods);
    kubectl("wait", "--for=condition=Ready", "pod", "--all", "--timeout=60s");
  }

  @AfterAll
  static void down() {
    ok("lab", "down", "--name", "policies");
  }

  @AfterEach
  void noPolicies() throws Exception {
    kubectl("delete", "networkpolicy", "--all");
  }

  @Test
  void policiesDenyAndAllowOnTheSameNodeAndAcrossNodes() throws Exception {
    awaitReach("near", "open", "far", "open");
    String readySince = readySince("server");
    policy("deny", "podSelector: {matchLabels: {app: server}}");
    awaitReach("near", "shut", "far", "shut");
    policy("allow", FROM.formatted("near"));
    awaitReach("near", "open", "far", "shut");
    policy("allow", FROM.formatted("far"));
    awaitReach("near", "shut", "far", "open");
    assertThat(readySince("server"))
        .as("its own node's probes reached it all the time")
        .isEqualTo(readySince);
    kubectl("delete", "networkpolicy", "--all");
    awaitReach("near", "open", "far", "open");
    policy("out", "podSelector: {matchLabels: {app: near}}\n  policyTypes: [Egress]");
    awaitReach("near", "shut", "far", "open");
  }

  @Test
  void whatIsNotHonouredIsToldByAnEventAndNotHalfApplied() throws Exception {
    policy(
        "strange",
        """
        podSelector: {}
          policyTypes: [Ingress, Egress]
          egress: [{to: [{ipBlock: {cidr: 198.51.100.0/24}}], ports: [{port: web}]}]\
        """);
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(
                    kubectl(
                        "get",
                        "events",
                        "--field-selector",
                        "reason=PolicyNotEnforced,involvedObject.name=strange",
                        "-o",
                        "jsonpath={.items[*].message}"))
                .contains("spec.egress[0].ports[0].port", "nothing of this policy is enforced"));
    awaitReach("near", "open", "far", "open");
  }

  @Test
  void aNodeThatComesBackHasItsRulesAgain() throws Exception {
    policy("allow", FROM.formatted("far"));
    awaitReach("near", "shut", "far", "open");
    String first = started("server");
    ok("lab", "power", "--name", "policies", "off", "node-1");
    ok("lab", "power", "--name", "policies", "on", "node-1");
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .untilAsserted(() -> {
          assertThat(started("server")).isNotEmpty().isNotEqualTo(first);
          assertThat(reach("far")).isEqualTo("open");
        });
    awaitReach("near", "shut", "far", "open");
  }

  private static String readySince(String pod) throws Exception {
    String ready = "{.status.conditions[?(@.type=='Ready')]['status','lastTransitionTime']}";
    return kubectl("get", "pod", pod, "-o", "jsonpath=" + ready);
  }

  private static String started(String pod) throws Exception {
    return kubectl(
        "get", "pod", pod, "-o", "jsonpath={.status.containerStatuses[0].state.running.startedAt}");
  }

  private static void awaitReach(String one, String first, String other, String second) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(reach(one)).as(one).isEqualTo(first);
          assertThat(reach(other)).as(other).isEqualTo(second);
        });
  }

  private static String reach(String from) throws Exception {
    String server = kubectl("get", "pod", "server", "-o", "jsonpath={.status.podIP}");
    String tried =
        "/busybox nc -w 1 %s 8080 -e /busybox true 2>/dev/null && echo open || echo shut"
            .formatted(server);
    return kubectl("exec", from, "--", "/busybox", "sh", "-c", tried).strip();
  }

  private static void policy(String name, String spec) throws Exception {
    apply(
        "policy",
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: %s}
        spec:
          %s
        """
            .formatted(name, spec));
  }

  private static void apply(String file, String manifest) throws Exception {
    Path path = Files.writeString(home.resolve(file + ".yaml"), manifest);
    kubectl("apply", "-f", path.toString());
  }

  private static String ok(String... arguments) {
    Muster.Ended ended = muster.run(Duration.ofMinutes(3), arguments);
    assertThat(ended.exit()).as(ended.endFirst()).isZero();
    return ended.output();
  }

  private static String kubectl(String... arguments) {
    return lab().kubectl(arguments);
  }

  private static LabFolder lab() {
    return new LabFolder(home.resolve("labs/policies"));
  }

  private static final String FROM =
      """
      podSelector: {matchLabels: {app: server}}
        ingress: [{from: [{podSelector: {matchLabels: {app: %s}}}], ports: [{port: web}]}]\
      """;

  private static String pod(String name, String node) {
    return """
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: %1$s, labels: {app: %1$s}}
    spec:
      nodeName: %2$s
      terminationGracePeriodSeconds: 1
      containers:
      - name: server
        image: muster.dev/pause:1
        imagePullPolicy: Never
        command: [/busybox, nc, -ll, -p, "8080", -e, /busybox, echo]
        ports: [{name: web, containerPort: 8080}]
        readinessProbe: {tcpSocket: {port: web}, periodSeconds: 1}
    """
        .formatted(name, node);
  }
}
