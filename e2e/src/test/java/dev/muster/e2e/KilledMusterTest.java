package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Muster is killed at any moment of a run: after the fault's ttl the node is clean without help,
 * and cleanup ends the run. Now and then something else dies as well: the agent, the kubelet, the
 * container runtime. {@code -Dkills=200} kills more often; {@code -Dkill.seed=N} repeats a series.
 */
@Tag("drills")
class KilledMusterTest {
  private static final String LAB = "killed";
  private static final String NODE = "node-1";
  private static final int TTL_SECONDS = 12;

  /** After its ttl the undo needs a moment, and a killed kubelet or runtime a restart. */
  private static final Duration CLEAN = Duration.ofSeconds(TTL_SECONDS + 25L);

  private static final List<String> KINDS =
      List.of(
          "kind: NodeNetwork",
          "kind: CpuStress, load: 50, workers: 1",
          "kind: KubeletStop",
          "kind: DnsFailure",
          "kind: DiskFill, size: 64Mi");

  private static final List<String> ALSO =
      List.of("", "", "", "agent", "kubelet", "containerd", "");

  @TempDir static Path home;
  private static Muster owner;

  @BeforeAll
  static void up() {
    owner = new Muster(home);
    Muster.Ended up =
        owner.run(
            Duration.ofMinutes(3),
            "lab",
            "up",
            "--name",
            LAB,
            "--nodes",
            "3",
            "--set",
            "kube-controller-manager.node-monitor-grace-period=40s");
    assertThat(up.exit()).as(up.output()).isZero();
    kubectl("create", "deployment", "idle", "--image=muster.dev/pause:1");
    kubectl("rollout", "status", "deployment/idle", "--timeout=60s");
  }

  @AfterAll
  static void down() {
    owner.run(Duration.ofMinutes(3), "lab", "down", "--name", LAB);
  }

  @Test
  void theNodeHealsByItselfAndCleanupFindsNothingMore() throws Exception {
    long seed = Long.getLong("kill.seed", System.nanoTime());
    int kills = Integer.getInteger("kills", 20);
    System.out.println("kill.seed " + seed + ", kills " + kills);
    Random random = new Random(seed);
    long whole = wholeRun();
    System.out.println("a whole run takes " + whole + " ms");
    int armed = 0;
    for (int kill = 1; kill <= kills; kill++) {
      String kind = KINDS.get(random.nextInt(KINDS.size()));
      String also = ALSO.get(random.nextInt(ALSO.size()));
      long after = random.nextLong(whole);
      String what =
          "kill %d of %d after %d ms, %s%s (seed %d)"
              .formatted(kill, kills, after, kind, also.isEmpty() ? "" : ", and " + also, seed);
      System.out.println(what);
      armed += killed(kind, also, after, what) ? 1 : 0;
    }
    System.out.println("a fault was armed in " + armed + " of " + kills + " killed runs");
    assertThat(armed).as("kills that hit a fault (seed %d)", seed).isPositive();
  }

  @Test
  void whatTheOtherNodesCanNotHoldIsRefusedWithNumbersAndAFindingWhereForced() throws Exception {
    Path large = Files.writeString(home.resolve("large.yaml"), large());
    kubectl("apply", "-f", large.toString());
    kubectl("wait", "--for=condition=Available", "deployment", "--all", "--timeout=60s");
    try {
      Path drill = drill("kind: NodeNetwork");
      Muster.Ended refused = muster("room").run(Duration.ofMinutes(2), run(drill));
      assertThat(refused.exit()).as(refused.output()).isEqualTo(69);
      assertThat(refused.output()).contains("no fault was injected").contains("2000 MiB");
      assertThat(muster("room").runs()).as("a refused run leaves nothing").isEmpty();

      List<String> forced = new ArrayList<>(List.of(run(drill)));
      forced.add("--force");
      Muster.Ended ended = muster("room").run(Duration.ofMinutes(3), forced.toArray(String[]::new));
      assertThat(ended.exit()).as(ended.output()).isEqualTo(1);
      assertThat(Muster.finding(muster("room").report(), "preflight").get("why").asString())
          .contains("--force");
    } finally {
      kubectl("delete", "-f", large.toString(), "--wait");
      kubectl("wait", "--for=delete", "pod", "-l", "app=large", "--timeout=60s");
    }
  }

  /** A pod on each node that takes most of it. */
  private static String large() {
    StringBuilder yaml = new StringBuilder();
    for (String node : List.of(NODE, "node-2", "ops")) {
      yaml.append(
          """
          ---
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: large-%1$s}
          spec:
            selector: {matchLabels: {app: large, on: %1$s}}
            template:
              metadata: {labels: {app: large, on: %1$s}}
              spec:
                nodeName: %1$s
                terminationGracePeriodSeconds: 0
                containers:
                  - name: pause
                    image: muster.dev/pause:1
                    imagePullPolicy: Never
                    resources: {requests: {memory: 2000Mi}}
          """
              .formatted(node));
    }
    return yaml.toString();
  }

  /** Milliseconds from the start of the process to its end. */
  private static long wholeRun() throws Exception {
    long began = System.nanoTime();
    Muster.Ended ended = muster("whole").run(Duration.ofMinutes(3), run(drill(KINDS.getFirst())));
    // pass or inconclusive: nothing is known of clients, but the run went through
    assertThat(ended.exit()).as(ended.output()).isIn(0, 2);
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  private boolean killed(String kind, String also, long after, String what) throws Exception {
    Muster muster = muster("k");
    Process process = muster.start(run(drill(kind)));
    if (process.waitFor(after, TimeUnit.MILLISECONDS)) {
      return false; // it was over already
    }
    process.destroyForcibly();
    process.waitFor();
    boolean armed =
        !muster.runs().isEmpty()
            && Files.exists(muster.newestRun().resolve("timeline.jsonl"))
            && muster.timeline().stream().anyMatch(l -> l.contains("\"FaultArmed\""));
    killOnNode(also);
    await()
        .atMost(CLEAN)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> assertThat(left()).as(what).isEmpty());
    await().atMost(Duration.ofMinutes(2)).until(KilledMusterTest::nodeReady);

    Muster.Ended cleaned = muster("k").run(Duration.ofMinutes(4), "cleanup");
    assertThat(cleaned.exit()).as(what + "\n" + cleaned.output()).isZero();
    Muster.Ended again = muster("k").run(Duration.ofMinutes(1), "cleanup", "--dry-run");
    assertThat(again.output()).as(what).contains("nothing");
    assertThat(kubectl("get", "ns", "-l", "app.kubernetes.io/managed-by=muster", "-o", "name"))
        .as(what)
        .isBlank();
    return armed;
  }

  private static Muster muster(String name) {
    return new Muster(home.resolve(name));
  }

  private static String[] run(Path drill) {
    Path kubeconfig = home.resolve("labs/" + LAB + "/pki/admin.conf");
    return new String[] {"run", drill.toString(), "--kubeconfig", kubeconfig.toString()};
  }

  private static Path drill(String kind) throws IOException {
    return Files.writeString(
        home.resolve("kill.yaml"),
        """
        apiVersion: muster.dev/v1
        kind: Drill
        metadata: {name: kill}
        target: {namespace: default, selector: {labelSelectors: {app: idle}}}
        faults:
          - {%s, selector: {nodes: [%s]}, duration: 6s, ttl: %ds}
        expect: {residue: none}
        """
            .formatted(kind, NODE, TTL_SECONDS));
  }

  /** Seen from the machine, without Kubernetes: what a fault has on the node. */
  private static List<String> left() throws IOException {
    List<String> left = new ArrayList<>();
    for (String program : List.of("iptables-nft-save", "iptables-legacy-save")) {
      output("nsenter", "--net=/run/netns/muster-" + LAB + "." + NODE, program)
          .lines()
          .filter(l -> l.contains("MUSTER-F-"))
          .forEach(left::add);
    }
    try (DirectoryStream<Path> hierarchies = Files.newDirectoryStream(Path.of("/sys/fs/cgroup"))) {
      for (Path hierarchy : hierarchies) {
        Path node = hierarchy.resolve("muster-" + LAB + "." + NODE);
        if (Files.isDirectory(node)) {
          try (Stream<Path> groups = Files.list(node)) {
            groups
                .filter(g -> g.getFileName().toString().startsWith("muster-f-"))
                .forEach(g -> left.add(g.toString()));
          }
        }
      }
    }
    for (long pid : processesOfNode()) {
      Path faults = Path.of("/proc/" + pid + "/root/var/lib/muster");
      if (comm(pid).equals("kubelet")) {
        if (state(pid) == 'T') {
          left.add("kubelet is stopped");
        }
        try (Stream<Path> folders = Files.list(faults)) {
          folders.forEach(f -> left.add(f.getFileName().toString()));
        } catch (IOException e) {
          // no fault ever had a folder there
        }
      }
    }
    return left;
  }

  private static void killOnNode(String what) throws IOException {
    for (long pid : processesOfNode()) {
      boolean meant =
          switch (what) {
            case "agent" -> command(pid).contains("dev.muster.agent.Agent");
            case "kubelet", "containerd" -> comm(pid).equals(what);
            default -> false;
          };
      if (meant) {
        output("kill", "-9", Long.toString(pid));
      }
    }
  }

  /** In the node's cgroup, or below it. */
  private static List<Long> processesOfNode() throws IOException {
    List<Long> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : all) {
        try {
          if (Files.readString(process.resolve("cgroup")).contains("/muster-" + LAB + "." + NODE)) {
            found.add(Long.valueOf(process.getFileName().toString()));
          }
        } catch (IOException e) {
          // it ended meanwhile
        }
      }
    }
    return found;
  }

  private static String comm(long pid) {
    return read("/proc/" + pid + "/comm").strip();
  }

  private static String command(long pid) {
    return read("/proc/" + pid + "/cmdline");
  }

  private static char state(long pid) {
    String stat = read("/proc/" + pid + "/stat");
    return stat.isEmpty() ? 'X' : stat.charAt(stat.lastIndexOf(')') + 2);
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      return "";
    }
  }

  private static boolean nodeReady() {
    return kubectl(
            "get",
            "nodes",
            "-o",
            "jsonpath={range .items[*]}{.status.conditions[?(@.type=='Ready')].status} {end}")
        .strip()
        .endsWith("True True True");
  }

  private static String kubectl(String... arguments) {
    List<String> all = new ArrayList<>(List.of("lab", "kubectl", "--name", LAB, "--"));
    all.addAll(List.of(arguments));
    return owner.run(Duration.ofMinutes(2), all.toArray(String[]::new)).output();
  }

  private static String output(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
