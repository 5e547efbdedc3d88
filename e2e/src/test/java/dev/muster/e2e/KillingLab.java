package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A small lab in which runs of Muster are killed, one after another. */
final class KillingLab implements AutoCloseable {
  static final String NODE = "node-1";
  private static final int TTL_SECONDS = 20;

  /** After its ttl the undo needs a moment, and a killed kubelet or runtime a restart. */
  private static final Duration CLEAN = Duration.ofSeconds(TTL_SECONDS + 25L);

  /** A run that is silent for 45 s is reaped; a lost node gives up its reaper after 40 s. */
  private static final Duration REAPED = Duration.ofMinutes(3);

  private static final String OURS = "app.kubernetes.io/managed-by=muster";

  private final Path home;
  private final String name;
  private final Muster owner;

  /** Milliseconds of the last run that nobody killed; at first what it took on two cores. */
  private long whole = 70_000;

  /**
   * What is killed when.
   *
   * @param fault fields of the drill's fault
   * @param also what dies on the node at the same moment; empty for nothing
   * @param share of a whole run's time, 0 to 1
   */
  record Kill(int number, String fault, String also, double share) {
    @Override
    public String toString() {
      return "kill %d at %.0f %% of a run, %s%s"
          .formatted(number, 100 * share, fault, also.isEmpty() ? "" : ", and " + also);
    }
  }

  KillingLab(Path home, String name) {
    this.home = home;
    this.name = name;
    this.owner = new Muster(home);
  }

  String name() {
    return name;
  }

  void up() {
    Muster.Ended up =
        owner.run(
            Duration.ofMinutes(4),
            "lab",
            "up",
            "--name",
            name,
            "--nodes",
            "3",
            "--set",
            "kube-controller-manager.node-monitor-grace-period=40s");
    assertThat(up.exit()).as(up.endFirst()).isZero();
    kubectl("create", "deployment", "idle", "--image=muster.dev/pause:1");
    kubectl("rollout", "status", "deployment/idle", "--timeout=60s");
  }

  @Override
  public void close() {
    owner.run(Duration.ofMinutes(3), "lab", "down", "--name", name);
  }

  /** Waits for a run's end, and if it comes in time knows anew how long a whole one takes. */
  private boolean over(Process process, long millis) throws InterruptedException {
    long began = System.nanoTime();
    if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
      return false;
    }
    whole = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    // pass or inconclusive: nothing is known of clients, but the run went through
    assertThat(process.exitValue()).as(muster().output()).isIn(0, 2);
    return true;
  }

  /**
   * Kills a run and sees the node heal and the cluster clear by themselves, and cleanup find
   * nothing more. A run that was faster than its kill is followed by another.
   *
   * @return whether a fault was armed when it died
   */
  boolean killed(Kill kill) throws IOException, InterruptedException {
    Muster muster = muster();
    String newest;
    Process process;
    do {
      newest = muster.runs().isEmpty() ? "" : muster.newestRun().toString();
      process = muster.start(run(drill(kill.fault())));
    } while (over(process, (long) (kill.share() * whole)));
    process.destroyForcibly();
    process.waitFor();
    boolean armed =
        !muster.runs().isEmpty()
            && !muster.newestRun().toString().equals(newest)
            && Files.exists(muster.newestRun().resolve("timeline.jsonl"))
            && muster.timeline().stream().anyMatch(l -> l.contains("\"FaultArmed\""));
    killOnNode(kill.also());
    await()
        .atMost(CLEAN)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> assertThat(left()).as("left by %s", kill).isEmpty());
    everyNodeReady();
    await()
        .atMost(REAPED)
        .pollInterval(Duration.ofSeconds(4))
        .untilAsserted(() -> assertThat(inCluster()).as("left by %s", kill).isBlank());

    Muster.Ended cleaned = muster.run(Duration.ofMinutes(4), "cleanup");
    assertThat(cleaned.exit()).as("%s\n%s", kill, cleaned.endFirst()).isZero();
    assertThat(cleaned.output()).as("%s", kill).doesNotContain("left: ");
    Muster.Ended again = muster.run(Duration.ofMinutes(1), "cleanup", "--dry-run");
    assertThat(again.output()).as("%s", kill).contains("nothing");
    assertThat(kubectl("get", "namespaces", "-l", OURS, "-o", "name")).as("%s", kill).isBlank();
    return armed;
  }

  /**
   * Pods and namespaces of Muster's. A namespace without a reaper counts only while it goes: Muster
   * died in the moment between the two, and nothing is in it.
   */
  private String inCluster() {
    StringBuilder there = new StringBuilder(kubectl("get", "pods", "-A", "-l", OURS, "-o", "name"));
    String namespaces =
        kubectl(
            "get",
            "namespaces",
            "-l",
            OURS,
            "-o",
            "jsonpath={range .items[*]}{.metadata.name} {.metadata.deletionTimestamp}{'\\n'}{end}");
    for (String line : namespaces.lines().toList()) {
      String[] words = line.strip().split(" ", -1);
      boolean going = words.length > 1;
      if (going || !kubectl("get", "deployments", "-n", words[0], "-o", "name").isBlank()) {
        there.append(line).append('\n');
      } else {
        System.out.println("killed between the namespace and its reaper: " + line);
      }
    }
    return there.toString();
  }

  /** Whose runs are killed; the lab is another's. */
  Muster muster() {
    return new Muster(home.resolve("killed"));
  }

  String[] run(Path drill) {
    return new String[] {"run", drill.toString(), "--kubeconfig", kubeconfig().toString()};
  }

  Path kubeconfig() {
    return home.resolve("labs/" + name + "/pki/admin.conf");
  }

  Path drill(String fault) {
    return drill(fault, 15, TTL_SECONDS);
  }

  Path drill(String fault, int seconds, int ttlSeconds) {
    try {
      return Files.writeString(
          home.resolve("kill.yaml"),
          """
          apiVersion: muster.dev/v1
          kind: Drill
          metadata: {name: kill}
          target: {namespace: default, selector: {labelSelectors: {app: idle}}}
          faults:
            - {%s, selector: {nodes: [%s]}, duration: %ds, ttl: %ds}
          expect: {residue: none}
          """
              .formatted(fault, NODE, seconds, ttlSeconds));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Seen from the machine, without Kubernetes: what a fault has on the node. */
  List<String> left() throws IOException {
    List<String> left = new ArrayList<>();
    for (String program : List.of("iptables-nft-save", "iptables-legacy-save")) {
      output("nsenter", "--net=/run/netns/muster-" + name + "." + NODE, program)
          .lines()
          .filter(l -> l.contains("MUSTER-F-"))
          .forEach(left::add);
    }
    try (DirectoryStream<Path> hierarchies = Files.newDirectoryStream(Path.of("/sys/fs/cgroup"))) {
      for (Path hierarchy : hierarchies) {
        Path node = hierarchy.resolve("muster-" + name + "." + NODE);
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

  /**
   * @param what an agent, the agent that carries a fault and no other, its undo, kubelet,
   *     containerd
   * @return how many died
   */
  int killOnNode(String what) throws IOException {
    int killed = 0;
    for (long pid : processesOfNode()) {
      boolean meant =
          switch (what) {
            case "agent" -> command(pid).contains("dev.muster.agent.Agent");
            case "carrier" ->
                command(pid).contains("dev.muster.agent.Agent")
                    && command(pid).contains("\0inject\0");
            case "undo" -> command(pid).contains("undo.sh");
            case "kubelet", "containerd" -> comm(pid).equals(what);
            default -> false;
          };
      if (meant) {
        output("kill", "-9", Long.toString(pid));
        killed++;
      }
    }
    return killed;
  }

  /** Takes the rules out of every chain of a fault, as somebody might who does not know them. */
  void flushChains() throws IOException {
    String namespace = "--net=/run/netns/muster-" + name + "." + NODE;
    for (String variant : List.of("iptables-nft", "iptables-legacy")) {
      String table = "";
      for (String line : output("nsenter", namespace, variant + "-save").lines().toList()) {
        if (line.startsWith("*")) {
          table = line.substring(1);
        } else if (line.startsWith(":MUSTER-F-")) {
          String chain = line.substring(1, line.indexOf(' '));
          output("nsenter", namespace, variant, "-t", table, "-F", chain);
        }
      }
    }
  }

  void power(String what, String node) {
    Muster.Ended ended =
        owner.run(Duration.ofMinutes(1), "lab", "power", "--name", name, what, node);
    assertThat(ended.exit()).as(ended.endFirst()).isZero();
  }

  /** The API server does not speak for so long; its connections stay. */
  void stoppedApiServer(Duration time) throws IOException {
    long pid =
        ProcessHandle.allProcesses()
            .mapToLong(ProcessHandle::pid)
            .filter(p ->
                comm(p).equals("kube-apiserver")
                    && command(p).contains(home.resolve("labs/" + name).toString()))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no API server of " + name));
    stopped(pid, time);
  }

  static void stopped(long pid, Duration time) throws IOException {
    long until = System.nanoTime() + time.toNanos();
    output("kill", "-STOP", Long.toString(pid));
    await().atMost(time.plusSeconds(10)).until(() -> System.nanoTime() >= until);
    output("kill", "-CONT", Long.toString(pid));
  }

  void everyNodeReady() {
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(nodesReady()).isEqualTo("True True True"));
  }

  /** In the node's cgroup, or below it. */
  private List<Long> processesOfNode() throws IOException {
    List<Long> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : all) {
        try {
          if (Files.readString(process.resolve("cgroup"))
              .contains("/muster-" + name + "." + NODE)) {
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

  private String nodesReady() {
    return kubectl(
        "get",
        "nodes",
        "-o",
        "jsonpath={range .items[*]}{.status.conditions[?(@.type=='Ready')].status} {end}");
  }

  /** The lab's own kubectl, without the launcher, whose start takes longer than the question. */
  String kubectl(String... arguments) {
    return new LabFolder(home.resolve("labs/" + name)).kubectl(arguments);
  }

  private static String output(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
