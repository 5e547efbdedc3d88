package dev.muster.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The rules in a real kernel: a node with two pods on its bridge and a third host beyond it, each a
 * network namespace, and TCP connections between them.
 */
@Tag("lab")
class NodeNetworkTest {
  private static final String ONE = "10.244.1.2";
  private static final String TWO = "10.244.1.3";
  private static final String FAR = "10.240.99.9";

  private final List<Process> servers = new ArrayList<>();
  private final NodeNetwork node = new NodeNetwork(file("node"));

  private static String name(String who) {
    return "npt" + ProcessHandle.current().pid() + "-" + who;
  }

  private static Path file(String who) {
    return Path.of("/run/netns", name(who));
  }

  @BeforeEach
  void build() throws Exception {
    for (String who : List.of("node", "one", "two", "far")) {
      run("ip netns add " + name(who));
      in(who, "ip link set lo up");
    }
    in("node", "ip link add cni0 type bridge");
    in("node", "ip addr add 10.244.1.1/24 dev cni0");
    in("node", "ip link set cni0 up");
    in("node", "sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1");
    host("one", ONE, "10.244.1.1");
    host("two", TWO, "10.244.1.1");
    host("far", FAR, "10.240.99.1");
    in("node", "ip link set p-one master cni0");
    in("node", "ip link set p-two master cni0");
    in("node", "ip addr add 10.240.99.1/24 dev p-far");
    for (String who : List.of("one", "two", "far")) {
      for (String port : List.of("80", "81")) {
        servers.add(start(who, "busybox nc -ll -p " + port + " -e /bin/echo hello"));
      }
    }
    for (String address : List.of(ONE, TWO, FAR)) {
      for (int port : new int[] {80, 81}) {
        await().atMost(Duration.ofSeconds(10)).until(() -> connects("node", address, port));
      }
    }
  }

  @AfterEach
  void remove() throws Exception {
    servers.forEach(Process::destroyForcibly);
    for (String who : List.of("node", "one", "two", "far")) {
      run("ip netns del " + name(who));
    }
  }

  @Test
  void whatIsDeniedDoesNotConnectAndWhatIsAllowedDoes() throws Exception {
    apply();
    assertThat(connects("one", TWO, 80)).as("nothing is isolated").isTrue();

    apply("{podSelector: {matchLabels: {app: two}}}");
    assertThat(connects("one", TWO, 80)).as("over the bridge").isFalse();
    assertThat(connects("far", TWO, 80)).as("routed").isFalse();
    assertThat(connects("node", TWO, 80)).as("its own node").isTrue();
    assertThat(connects("two", ONE, 80)).as("the answers come back").isTrue();
    assertThat(connects("one", FAR, 80)).as("others").isTrue();

    apply(
        "{podSelector: {matchLabels: {app: two}}}",
        "{podSelector: {matchLabels: {app: two}}, ingress: [{from: [{podSelector: {matchLabels:"
            + " {app: one}}}], ports: [{port: 80}]}]}");
    assertThat(connects("one", TWO, 80)).isTrue();
    assertThat(connects("one", TWO, 81)).isFalse();
    assertThat(connects("far", TWO, 80)).isFalse();

    apply(
        "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0,"
            + " except: [10.244.0.0/16]}}], ports: [{port: 79, endPort: 80}]}]}");
    assertThat(connects("one", FAR, 80)).isTrue();
    assertThat(connects("one", FAR, 81)).isFalse();
    assertThat(connects("one", TWO, 80)).isFalse();

    apply(
        "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}], ports:"
            + " [{port: web}]}]}");
    assertThat(connects("one", TWO, 80)).isTrue();
    assertThat(connects("one", TWO, 81)).isFalse();
    assertThat(connects("one", FAR, 80)).isFalse();

    apply();
    assertThat(connects("one", FAR, 81)).isTrue();
  }

  @Test
  void anEstablishedConnectionLivesOnAndANewOneDoesNot() throws Exception {
    apply(); // from its first rules on the kernel knows connections; a lab's node has them at boot
    servers.add(start("two", "busybox nc -ll -p 82 -e /bin/cat"));
    await().atMost(Duration.ofSeconds(10)).until(() -> connects("node", TWO, 82));
    Process talk = start("one", "busybox nc " + TWO + " 82");
    try {
      assertThat(said(talk, "before")).isEqualTo("before");
      apply("{podSelector: {}, policyTypes: [Ingress, Egress]}");
      assertThat(said(talk, "after")).isEqualTo("after");
      assertThat(connects("one", TWO, 82)).isFalse();
    } finally {
      talk.destroyForcibly();
    }
  }

  @Test
  void everythingThatAPolicyMaySayIsTakenByTheKernelAndNothingOfItStays() throws Exception {
    in("node", "iptables -t mangle -A FORWARD -p tcp --dport 9 -j ACCEPT");
    apply(
        "{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{namespaceSelector:"
            + " {}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{protocol:"
            + " SCTP}, {protocol: UDP, port: 1, endPort: 9}, {port: web}]}], egress: [{to:"
            + " [{podSelector: {}}], ports: [{port: web}]}, {to: [{ipBlock: {cidr: '::/0'}}]}]}");
    assertThat(in("node", "iptables-save -t mangle")).contains("MUSTER-NP-I-", "MUSTER-NP-E-");
    assertThat(in("node", "ipset list -name").lines()).hasSize(4);
    apply(); // as a process would that knows nothing of the one before
    assertThat(in("node", "iptables-save -t mangle").lines().filter(l -> l.startsWith("-A")))
        .containsExactly(
            "-A FORWARD -j MUSTER-NP-FORWARD",
            "-A FORWARD -p tcp -m tcp --dport 9 -j ACCEPT",
            "-A MUSTER-NP-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN");
    assertThat(in("node", "ipset list -name")).isEmpty();
  }

  @Test
  void aNewBootOfANodeIsToldFromTheOneBefore() throws Exception {
    String first = node.identity().orElseThrow();
    assertThat(node.identity()).contains(first);
    run("ip netns del " + name("node"));
    assertThat(node.identity()).isEmpty();
    run("ip netns add " + name("node"));
    assertThat(node.identity()).isPresent().get().isNotEqualTo(first);
  }

  private void apply(String... specs) {
    RuleSet rules =
        NodeRules.of(
            List.of(specs).stream().map(Town::policy).toList(),
            Map.of("shop", Map.of()),
            List.of(pod("one", ONE), pod("two", TWO)),
            "node");
    // sets that rules used until now are free only some time later
    await().atMost(Duration.ofSeconds(10)).until(() -> node.apply(rules));
  }

  private static PodAt pod(String name, String address) {
    return new PodAt(
        "shop",
        name,
        "node",
        address,
        Map.of("app", name),
        List.of(new PodAt.NamedPort("tcp", "web", 80)));
  }

  private static boolean connects(String from, String to, int port) throws Exception {
    return start(from, "busybox nc -w 1 " + to + " " + port + " -e /bin/true").waitFor() == 0;
  }

  private static String said(Process talk, String word) throws IOException {
    talk.getOutputStream().write((word + "\n").getBytes(StandardCharsets.UTF_8));
    talk.getOutputStream().flush();
    await().atMost(Duration.ofSeconds(10)).until(talk.inputReader()::ready);
    return talk.inputReader().readLine();
  }

  private static void host(String who, String address, String gateway) throws Exception {
    run(
        "ip link add p-"
            + who
            + " netns "
            + name("node")
            + " type veth peer name eth0 netns "
            + name(who));
    in("node", "ip link set p-" + who + " up");
    in(who, "ip addr add " + address + "/24 dev eth0");
    in(who, "ip link set eth0 up");
    in(who, "ip route add default via " + gateway);
  }

  private static String in(String who, String command) throws Exception {
    return run("nsenter --net=" + file(who) + " " + command);
  }

  private static String run(String command) throws Exception {
    Process process = new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(command + ": " + output).isZero();
    return output;
  }

  private static Process start(String who, String command) throws IOException {
    return new ProcessBuilder(("nsenter --net=" + file(who) + " " + command).split(" "))
        .redirectErrorStream(true)
        .start();
  }
}
