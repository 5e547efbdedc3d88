package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The agent's program with real iptables, cgroups, signals and stress-ng, without a cluster. */
@Tag("lab")
@Execution(ExecutionMode.CONCURRENT) // each waits for the clock of its agent
class AgentTest {
  /** The machine's: the audit sees those of all. */
  private static final String CGROUPS = "cgroups";

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path home;
  private Host host;

  @BeforeEach
  void up() {
    host = new Host(home);
  }

  @AfterEach
  void down() {
    host.close();
    await().atMost(SOON).untilAsserted(() -> assertThat(host.left()).isEmpty());
  }

  @Test
  void aCutNodeIsReachedByNobodyAndComesBackByItself() throws Exception {
    assertThat(host.reaches()).isTrue();
    Process agent = inject("NodeNetwork", 6, 30, "address=" + Host.ADDRESS);
    await().atMost(SOON).until(() -> host.said("injected"));
    assertThat(host.reaches()).isFalse();
    await().atMost(SOON).until(() -> host.said("verified"));

    assertThat(agent.waitFor()).as(host.lines()).isZero();
    assertThat(host.said("reverted")).isTrue();
    assertThat(host.reaches()).isTrue();
    assertThat(host.rules()).isEmpty();
  }

  @Test
  void aKilledAgentIsUndoneAtOnce() {
    Process agent = inject("NodeNetwork", 600, 900, "address=" + Host.ADDRESS);
    await().atMost(SOON).until(() -> host.said("injected"));
    assertThat(host.rules()).isNotEmpty();

    agent.destroyForcibly();

    await().atMost(Duration.ofSeconds(10)).until(host::reaches);
    await().atMost(Duration.ofSeconds(10)).until(() -> host.rules().isEmpty());
  }

  @Test
  void aFrozenAgentIsUndoneAtItsTtl() {
    Process agent = inject("NodeNetwork", 5, 8, "address=" + Host.ADDRESS);
    await().atMost(SOON).until(() -> host.said("injected"));
    assertThat(host.victim("kill", "-STOP", Long.toString(agent.pid())).onExit().join().exitValue())
        .isZero();

    await().atMost(Duration.ofSeconds(20)).until(host::reaches);
    assertThat(host.said("reverted")).isFalse();
  }

  @Test
  void aDeletedPodUndoesBeforeItEnds() throws Exception {
    Process agent = inject("DnsFailure", 600, 900, "address=" + Host.ADDRESS);
    await().atMost(SOON).until(() -> host.said("verified"));
    agent.destroy(); // SIGTERM, as the kubelet sends it
    agent.waitFor();

    assertThat(host.said("reverted")).as(host.lines()).isTrue();
    assertThat(host.lines()).as("a last look, also when told").contains("\"held\"");
    assertThat(host.lines()).doesNotContain("\"lost\"");
    assertThat(host.rules()).isEmpty();
  }

  @Test
  void aChainThatAStrangerUnhooksOrEmptiesIsLostAndNotHeld() {
    for (String[] taken :
        new String[][] {
          {"iptables-nft", "-t", "raw", "-D", "OUTPUT", "-j", Chain.PREFIX + host.id()},
          {"iptables-nft", "-t", "raw", "-F", Chain.PREFIX + host.id()}
        }) {
      Process agent = inject("DnsFailure", 600, 900, "address=" + Host.ADDRESS);
      await().atMost(SOON).until(() -> host.said("verified"));
      host.stranger(taken);
      await().atMost(SOON).until(() -> host.said("lost"));
      agent.destroy();
      agent.onExit().join();
      assertThat(host.lines())
          .contains("the effect is not seen on the node any more")
          .doesNotContain("\"held\"")
          .contains("\"reverted\"");
      assertThat(host.log().toFile().delete()).isTrue();
    }
  }

  /** The last look tells it, though no look came between. */
  @Test
  void aFileThatAStrangerRemovesRightBeforeTheEndIsLost() throws Exception {
    Process agent = inject("DiskFill", 600, 900, "bytes=5000000");
    await().atMost(SOON).until(() -> host.said("verified"));
    Files.delete(home.resolve("muster/run.f1/fill"));
    agent.destroy();
    agent.waitFor();
    assertThat(host.lines()).contains("\"lost\"").doesNotContain("\"held\"");
  }

  @Test
  @ResourceLock(value = CGROUPS, mode = ResourceAccessMode.READ)
  void stressThatAStrangerKillsIsLost() throws Exception {
    Process agent = inject("CpuStress", 6, 60, "workers=1", "load=50");
    await().atMost(SOON).until(() -> host.said("verified"));
    Cgroup.atRoot(Path.of("/sys/fs/cgroup"), host.id())
        .processes()
        .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    assertThat(agent.waitFor()).as(host.lines()).isZero();
    assertThat(host.lines())
        .contains("\"lost\"")
        .contains("stress-ng ended with exit code 137")
        .contains("seenMillis");
  }

  @Test
  @ResourceLock(value = CGROUPS, mode = ResourceAccessMode.READ)
  void stressRunsOutsideThePodAndNoChildSurvives() throws Exception {
    Process agent = inject("CpuStress", 4, 60, "workers=1", "load=50");
    Cgroup group = Cgroup.atRoot(Path.of("/sys/fs/cgroup"), host.id());
    await().atMost(SOON).until(() -> group.processes().size() > 1);

    assertThat(agent.waitFor()).as(host.lines()).isZero();
    assertThat(host.left()).isEmpty();
  }

  @Test
  @ResourceLock(value = CGROUPS, mode = ResourceAccessMode.READ)
  void stressThatEndsAtOnceIsNoEffect() throws Exception {
    Path planted = Files.createDirectory(home.resolve("bin"));
    program(planted.resolve("stress-ng"), "exit 0");
    Process agent = inject(planted, "MemoryStress", 10, 60, "bytes=1000000");

    assertThat(agent.waitFor()).as(host.lines()).isEqualTo(1);
    assertThat(host.lines())
        .contains("not-verified")
        .contains("stress-ng ended with exit code 0")
        .contains("\"reverted\"");
  }

  /** As on a machine that is emulated, where touching memory takes its time. */
  @Test
  @ResourceLock(value = CGROUPS, mode = ResourceAccessMode.READ)
  void stressThatBeginsLateIsSeenAndEndsInItsTime() throws Exception {
    Path planted = Files.createDirectory(home.resolve("bin"));
    program(planted.resolve("stress-ng"), "sleep 21; exec /usr/bin/stress-ng \"$@\"");
    long began = System.nanoTime();
    Process agent = inject(planted, "MemoryStress", 28, 60, "bytes=100000000");

    assertThat(agent.waitFor()).as(host.lines()).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(45));
    assertThat(host.lines()).contains("\"verified\"").doesNotContain("not-verified");
    assertThat(host.left()).isEmpty();
  }

  @Test
  @ResourceLock(value = CGROUPS, mode = ResourceAccessMode.READ)
  void aMissingProgramIsNoEffect() throws Exception {
    Path planted = Files.createDirectory(home.resolve("bin"));
    program(planted.resolve("stress-ng"), "exec /no/such/stress-ng");
    Process agent = inject(planted, "CpuStress", 10, 60, "workers=1", "load=50");

    assertThat(agent.waitFor()).as(host.lines()).isEqualTo(1);
    assertThat(host.lines()).contains("stress-ng ended with exit code 127");
  }

  @Test
  void aChainThatIsNotHookedIsNoEffect() throws Exception {
    Path planted = Files.createDirectory(home.resolve("bin"));
    // says that it did what it was told, and does everything but the jump
    program(
        planted.resolve("iptables-nft"),
        "for word in \"$@\"; do [ \"$word\" != -I ] || exit 0; done\n"
            + "exec /usr/sbin/iptables-nft \"$@\"");
    Process agent = inject(planted, "NodeNetwork", 10, 60, "address=" + Host.ADDRESS);

    assertThat(agent.waitFor()).as(host.lines()).isEqualTo(1);
    assertThat(host.lines()).contains("no effect was seen on the node");
    assertThat(host.rules()).isEmpty();
  }

  @Test
  void aProcessThatIsNotThereIsRefusedAndNothingIsLeft() throws Exception {
    Process agent = inject("ProcessPause", 10, 60, "containers=0123456789abcdef");

    assertThat(agent.waitFor()).isEqualTo(3);
    assertThat(host.lines())
        .contains("refused")
        .contains("no process of this node is in container 0123456789abcdef");
  }

  @Test
  void questionsAreDroppedOnlyWhileTheChainIsInItsPlace() throws Exception {
    Path planted = Files.createDirectory(home.resolve("bin"));
    program(
        planted.resolve("iptables-nft"),
        "for word in \"$@\"; do [ \"$word\" != -I ] || exit 0; done\n"
            + "exec /usr/sbin/iptables-nft \"$@\"");
    Process agent = inject(planted, "DnsFailure", 10, 60, "address=" + Host.ADDRESS);

    assertThat(agent.waitFor()).as(host.lines()).isEqualTo(1);
    assertThat(host.lines()).contains("no effect was seen on the node");
  }

  @Test
  void aDiskThatIsNotFilledIsNoEffect() throws Exception {
    Path planted = Files.createDirectory(home.resolve("bin"));
    program(planted.resolve("fallocate"), "exit 0");
    Process agent = inject(planted, "DiskFill", 3, 60, "bytes=5000000");

    assertThat(agent.waitFor()).as(host.lines()).isEqualTo(1);
    assertThat(host.lines()).contains("no effect was seen on the node");
  }

  @Test
  void aContainerIsPausedAndGoesOnAndOneIsKilled() throws Exception {
    // of a run that was killed it may be there
    Path group = Files.createDirectories(Path.of("/sys/fs/cgroup/pids/mstr-t-c0ffee"));
    Process victim = host.victim("sleep", "600");
    Files.writeString(group.resolve("cgroup.procs"), Long.toString(victim.pid()));
    NodeProcess process = NodeProcess.of(victim.pid()).orElseThrow();

    assertThat(inject("ProcessPause", 2, 30, "containers=c0ffee").waitFor())
        .as(host.lines())
        .isZero();
    assertThat(host.lines()).contains("\"state\":\"T\"").contains("\"reverted\"");
    assertThat(process.alive()).isTrue();
    assertThat(process.stopped()).isFalse();
    assertThat(host.lines()).contains("\"held\"").doesNotContain("\"lost\"");

    Process paused = inject("ProcessPause", 600, 900, "containers=c0ffee");
    await().atMost(SOON).until(() -> host.lines().split("\"verified\"", -1).length == 3);
    assertThat(process.stopped()).isTrue();
    host.stranger("kill", "-CONT", Long.toString(victim.pid()));
    await().atMost(SOON).until(() -> host.said("lost"));
    paused.destroy();
    paused.waitFor();

    assertThat(inject("ProcessKill", 0, 30, "containers=c0ffee").waitFor()).isZero();
    assertThat(victim.waitFor()).isEqualTo(128 + 9);
    await().atMost(SOON).until(() -> group.toFile().delete());
  }

  @Test
  void delayIsRefusedWhereTheKernelHasNoNetem() throws Exception {
    Process agent = inject("NetworkDelay", 3, 30, "address=" + Host.ADDRESS, "latency=100");
    int code = agent.waitFor();
    // where there is a netem, it is really used
    if (Netem.available()) {
      assertThat(code).as(host.lines()).isZero();
    } else {
      assertThat(code).isEqualTo(3);
      assertThat(host.lines()).contains("has no netem");
    }
  }

  @Test
  void aFilledDiskIsEmptiedAndTooMuchIsRefused() throws Exception {
    Process agent = inject("DiskFill", 3, 60, "bytes=5000000");
    await().atMost(SOON).until(() -> host.said("verified"));
    assertThat(home.resolve("muster/run.f1/fill")).hasSize(5_000_000);
    assertThat(agent.waitFor()).as(host.lines()).isZero();

    assertThat(inject("DiskFill", 3, 60, "bytes=900000000000000").waitFor()).isEqualTo(1);
    assertThat(host.lines()).contains("bytes are free, not 900000000000000");
  }

  @Test
  @ResourceLock(CGROUPS)
  void anAuditNamesWhatIsLeftAndCleaningRemovesIt() throws Exception {
    Process agent = inject("NodeNetwork", 600, 900, "address=" + Host.ADDRESS);
    await().atMost(SOON).until(() -> host.said("injected"));

    assertThat(host.agent("audit").waitFor()).isZero();
    assertThat(host.lines()).contains("\"what\":\"chain\"").contains("\"what\":\"folder\"");
    assertThat(host.agent("clean").waitFor()).isZero();
    agent.waitFor();

    Files.delete(host.log());
    assertThat(host.agent("audit").waitFor()).isZero();
    assertThat(host.lines()).contains("audited").doesNotContain("residue");
    assertThat(host.reaches()).isTrue();
  }

  private Process inject(String kind, int duration, int ttl, String... more) {
    return inject(home, kind, duration, ttl, more);
  }

  private Process inject(Path path, String kind, int duration, int ttl, String... more) {
    var arguments =
        new java.util.ArrayList<>(
            java.util.List.of(
                "inject",
                "run=run",
                "fault=f1",
                "id=" + host.id(),
                "kind=" + kind,
                "duration=" + duration,
                "ttl=" + ttl));
    arguments.addAll(java.util.List.of(more));
    return host.agent(path, arguments.toArray(String[]::new));
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
