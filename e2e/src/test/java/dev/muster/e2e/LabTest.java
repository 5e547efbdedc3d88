package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The lab's life: it comes, it goes, and nothing of it remains, however it ended. Alone: it counts
 * what the host has of all labs.
 */
@Tag("lab")
@Isolated
class LabTest {
  private static final Duration UP = Duration.ofMinutes(3);
  private static final Duration DOWN = Duration.ofMinutes(1);
  private static final String NODE = "node-1";

  @TempDir Path home;

  /**
   * Two at a time, for then they also meet each other's half; one lets clients in, one does not.
   */
  @Test
  void tenLabsUpAndDownLeaveNothing() throws Exception {
    Muster muster = new Muster(home);
    HostState before = HostState.now();
    for (int i = 1; i <= 5; i++) {
      both(
          () -> ok(muster.run(UP, "lab", "up", "--name", "leak-1", "--nodes", "2")),
          () ->
              ok(muster.run(UP, "lab", "up", "--name", "leak-2", "--nodes", "2", "--no-ingress")));
      assertThat(namespaces(muster, "leak-1")).contains("projectcontour");
      assertThat(namespaces(muster, "leak-2")).doesNotContain("projectcontour");
      assertThat(HostState.now().beyond(before)).as("the audit sees a lab").isNotEmpty();
      both(
          () -> ok(muster.run(DOWN, "lab", "down", "--name", "leak-1")),
          () -> ok(muster.run(DOWN, "lab", "down", "--name", "leak-2")));
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(HostState.now().beyond(before)).isEmpty());
      assertThat(home.resolve("labs/leak-1")).as("round %d", i).doesNotExist();
      assertThat(home.resolve("labs/leak-2")).as("round %d", i).doesNotExist();
    }
  }

  private static String namespaces(Muster muster, String lab) {
    Muster.Ended all =
        muster.run(DOWN, "lab", "kubectl", "--name", lab, "--", "get", "namespaces", "-o", "name");
    ok(all);
    return all.output();
  }

  private static void both(Runnable one, Runnable other) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> beside = threads.submit(one);
      other.run();
      beside.get();
    }
  }

  @Test
  void killedStartIsToldAndCleanedUp() throws Exception {
    Muster muster = new Muster(home);
    HostState before = HostState.now();
    Process up = muster.start("lab", "up", "--name", "killed", "--nodes", "2");
    await()
        .atMost(UP)
        .until(() -> Files.exists(home.resolve("labs/killed/nodes/node-1/node-boot.sh")));
    up.toHandle().destroyForcibly();
    up.waitFor();
    Muster.Ended again = muster.run(UP, "lab", "up", "--name", "killed");
    assertThat(again.exit()).isEqualTo(69);
    assertThat(again.output()).contains("cut short").contains("muster lab down --name killed");
    ok(muster.run(DOWN, "cleanup"));
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(HostState.now().beyond(before)).isEmpty());
    assertThat(muster.run(DOWN, "cleanup", "--dry-run").output()).contains("nothing");
  }

  @Test
  void twoLabsLiveSideBySideAndTheirNodesAreLikeMachines() {
    Muster muster = new Muster(home);
    HostState before = HostState.now();
    try {
      ok(muster.run(UP, "lab", "up", "--name", "one", "--nodes", "2"));
      ok(muster.run(UP, "lab", "up", "--name", "two", "--nodes", "2"));
      Muster.Ended again = muster.run(UP, "lab", "up", "--name", "one");
      assertThat(again.exit()).isEqualTo(69);
      assertThat(again.output()).contains("lab one is up already");
      aLabOfAnotherHomeIsLeftAlone("one");
      for (String lab : new String[] {"one", "two"}) {
        Muster.Ended size =
            muster.run(
                DOWN,
                "lab",
                "kubectl",
                "--name",
                lab,
                "--",
                "get",
                "node",
                "node-1",
                "-o",
                "jsonpath={.status.capacity.cpu} {.status.capacity.memory}");
        // the API server gives whole gibibytes in either of two spellings
        assertThat(size.output()).containsPattern("\\b2 (3Gi|3145728Ki)$");
      }
      LabFolder one = new LabFolder(home.resolve("labs/one"));
      LabFolder two = new LabFolder(home.resolve("labs/two"));
      assertThat(
              one.inside(NODE, "df", "--output=source,size", "/var/lib/kubelet", "/var/log/pods"))
          .containsPattern("(?s)(/dev/loop\\d+ +4\\d{6}\\s*){2}");
      assertThat(one.loops(NODE)).hasSize(1);
      two.inside(NODE, "fallocate", "--length", "3800M", "/var/lib/muster/fill");
      killedKubeletAndContainerdComeBackAndPodsDoNotNotice(one);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(condition(two, "DiskPressure")).isEqualTo("True"));
      assertThat(condition(one, "DiskPressure")).as("a disk of its own").isEqualTo("False");
      one.inside(NODE, "touch", "/var/lib/muster/kept");
      ok(muster.run(DOWN, "lab", "power", "--name", "one", "off", "node-1"));
      assertThat(muster.run(DOWN, "lab", "power", "--name", "one", "state", "node-1").output())
          .endsWith("off\n");
      assertThat(muster.run(DOWN, "lab", "power", "--name", "two", "state", "node-1").output())
          .endsWith("on\n");
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(one.loops(NODE)).isEmpty());
      ok(muster.run(DOWN, "lab", "power", "--name", "one", "on", "node-1"));
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> one.inside(NODE, "test", "-e", "/var/lib/muster/kept"));
    } finally {
      ok(muster.run(DOWN, "lab", "down", "--name", "one"));
      ok(muster.run(DOWN, "lab", "down", "--name", "two"));
    }
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(HostState.now().beyond(before)).isEmpty());
  }

  private void aLabOfAnotherHomeIsLeftAlone(String lab) {
    Muster stranger = new Muster(home.resolve("stranger"));
    for (String command : new String[] {"up", "down"}) {
      Muster.Ended refused = stranger.run(UP, "lab", command, "--name", lab);
      assertThat(refused.exit()).as(refused.endFirst()).isEqualTo(69);
      assertThat(refused.output())
          .contains(home.resolve("labs").resolve(lab) + " is a lab of the same name")
          .contains("MUSTER_HOME=" + home + " muster lab down --name " + lab);
    }
  }

  private static void killedKubeletAndContainerdComeBackAndPodsDoNotNotice(LabFolder lab) {
    String[] containers = {
      "get",
      "pods",
      "-A",
      "--field-selector=spec.nodeName=" + NODE,
      "-o",
      "jsonpath={range .items[*].status.containerStatuses[*]}{.containerID} {.restartCount} {end}"
    };
    String[] heartbeat = {
      "get", "lease", "-n", "kube-node-lease", NODE, "-o", "jsonpath={.spec.renewTime}"
    };
    String before = lab.kubectl(containers);
    assertThat(before).contains("containerd://");
    String shims = lab.inside(NODE, "pgrep", "containerd-shim");
    for (String program : new String[] {"containerd", "kubelet"}) {
      String dead = lab.inside(NODE, "pgrep", "--exact", program);
      lab.inside(NODE, "pkill", "-KILL", "--exact", program);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> assertThat(lab.inside(NODE, "pgrep", "--exact", program)).isNotEqualTo(dead));
      assertThat(lab.initLog(NODE)).contains(program + " ended with code 137");
    }
    String last = lab.kubectl(heartbeat);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(lab.kubectl(heartbeat)).isGreaterThan(last));
    // through the new kubelet and the new containerd into a container of before
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(
                    lab.kubectl(
                        "exec", "-n", "projectcontour", "ds/envoy", "--", "/envoy", "--version"))
                .contains("version"));
    assertThat(condition(lab, "Ready")).isEqualTo("True");
    assertThat(lab.kubectl(containers)).isEqualTo(before);
    assertThat(lab.inside(NODE, "pgrep", "containerd-shim")).isEqualTo(shims);
  }

  private static String condition(LabFolder lab, String type) {
    String path = "jsonpath={.status.conditions[?(@.type==\"%s\")].status}".formatted(type);
    return lab.kubectl("get", "node", NODE, "-o", path);
  }

  private static void ok(Muster.Ended ended) {
    assertThat(ended.exit()).as(ended.endFirst()).isZero();
  }
}
