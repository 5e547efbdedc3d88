package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.deed.Netem;
import dev.muster.agent.node.Cgroup;
import dev.muster.agent.node.IptablesChain;
import dev.muster.agent.node.NodeProcess;
import dev.muster.wire.DeedSpec;
import dev.muster.wire.InjectionSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

  private static final DeedSpec CUT =
      new DeedSpec.NodeNetwork(Host.ADDRESS, DeedSpec.Direction.BOTH, List.of());

  private static final DeedSpec DNS = new DeedSpec.DnsFailure(Host.ADDRESS);
  private static final DeedSpec CPU = new DeedSpec.CpuStress(1, 50, "");

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
    Process agent = inject(6, 30, CUT);
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
    Process agent = inject(600, 900, CUT);
    await().atMost(SOON).until(() -> host.said("injected"));
    assertThat(host.rules()).isNotEmpty();

    agent.destroyForcibly();

    await().atMost(Duration.ofSeconds(10)).until(host::reaches);
    await().atMost(Duration.ofSeconds(10)).until(() -> host.rules().isEmpty());
  }

  @Test
  void aFrozenAgentIsUndoneAtItsTtl() {
    Process agent = inject(5, 8, CUT);
    await().atMost(SOON).until(() -> host.said("injected"));
    assertThat(host.victim("kill", "-STOP", Long.toString(agent.pid())).onExit().join().exitValue())
        .isZero();

    await().atMost(Duration.ofSeconds(20)).until(host::reaches);
    assertThat(host.said("reverted")).isFalse();
  }

  @Test
  void aDeletedPodUndoesBeforeItEnds() throws Exception {
    Process agent = inject(600, 900, DNS);
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
          {"iptables-nft", "-t", "raw", "-D", "OUTPUT", "-j", IptablesChain.PREFIX + host.id()},
          {"iptables-nft", "-t", "raw", "-F", IptablesChain.PREFIX + host.id()}
        }) {
      Process agent = inject(600, 900, DNS);
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
    Process agent = inject(600, 900, new DeedSpec.DiskFill(5000000, 0, 0));
    await().atMost(SOON).until(() -> host.said("verified"));
    Files.delete(home.resolve("muster/run.f1/fill"));
    agent.destroy();
    agent.waitFor();
    assertThat(host.lines()).contains("\"lost\"").doesNotContain("\"held\"");
  }

  @Test
  @ResourceLock(value = CGROUPS, mode = ResourceAccessMode.READ)
  void stressThatAStrangerKillsIsLost() throws Exception {
    Process agent = inject(6, 60, CPU);
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
    Process agent = inject(4, 60, CPU);
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
    Process agent = inject(planted, 10, 60, new DeedSpec.MemoryStress(1000000, ""));

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
    Process agent = inject(planted, 28, 60, new DeedSpec.MemoryStress(100000000, ""));

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
    Process agent = inject(planted, 10, 60, CPU);

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
    Process agent = inject(planted, 10, 60, CUT);

    assertThat(agent.waitFor()).as(host.lines()).isEqualTo(1);
    assertThat(host.lines()).contains("no effect was seen on the node");
    assertThat(host.rules()).isEmpty();
  }

  @Test
  void aProcessThatIsNotThereIsRefusedAndNothingIsLeft() throws Exception {
    Process agent = inject(10, 60, new DeedSpec.ProcessPause(List.of("0123456789abcdef")));

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
    Process agent = inject(planted, 10, 60, DNS);

    assertThat(agent.waitFor()).as(host.lines()).isEqualTo(1);
    assertThat(host.lines()).contains("no effect was seen on the node");
  }

  @Test
  void aDiskThatIsNotFilledIsNoEffect() throws Exception {
    Path planted = Files.createDirectory(home.resolve("bin"));
    program(planted.resolve("fallocate"), "exit 0");
    Process agent = inject(planted, 3, 60, new DeedSpec.DiskFill(5000000, 0, 0));

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

    assertThat(inject(2, 30, new DeedSpec.ProcessPause(List.of("c0ffee"))).waitFor())
        .as(host.lines())
        .isZero();
    assertThat(host.lines()).contains("\"state\":\"T\"").contains("\"reverted\"");
    assertThat(process.alive()).isTrue();
    assertThat(process.stopped()).isFalse();
    assertThat(host.lines()).contains("\"held\"").doesNotContain("\"lost\"");

    Process paused = inject(600, 900, new DeedSpec.ProcessPause(List.of("c0ffee")));
    await().atMost(SOON).until(() -> host.lines().split("\"verified\"", -1).length == 3);
    assertThat(process.stopped()).isTrue();
    host.stranger("kill", "-CONT", Long.toString(victim.pid()));
    await().atMost(SOON).until(() -> host.said("lost"));
    paused.destroy();
    paused.waitFor();

    assertThat(inject(0, 30, new DeedSpec.ProcessKill(List.of("c0ffee"))).waitFor()).isZero();
    assertThat(victim.waitFor()).isEqualTo(128 + 9);
    await().atMost(SOON).until(() -> group.toFile().delete());
  }

  @Test
  void delayIsRefusedWhereTheKernelHasNoNetem() throws Exception {
    Process agent =
        inject(
            3, 30, new DeedSpec.NetworkDelay(Host.ADDRESS, Duration.ofMillis(100), Duration.ZERO));
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
    Process agent = inject(3, 60, new DeedSpec.DiskFill(5000000, 0, 0));
    await().atMost(SOON).until(() -> host.said("verified"));
    assertThat(home.resolve("muster/run.f1/fill")).hasSize(5_000_000);
    assertThat(agent.waitFor()).as(host.lines()).isZero();

    assertThat(inject(3, 60, new DeedSpec.DiskFill(900000000000000L, 0, 0)).waitFor()).isEqualTo(1);
    assertThat(host.lines()).contains("bytes are free, not 900000000000000");
  }

  @Test
  @ResourceLock(CGROUPS)
  void anAuditNamesWhatIsLeftAndCleaningRemovesIt() throws Exception {
    Process agent = inject(600, 900, CUT);
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

  private Process inject(int duration, int ttl, DeedSpec deed) {
    return inject(home, duration, ttl, deed);
  }

  private Process inject(Path path, int duration, int ttl, DeedSpec deed) {
    InjectionSpec spec =
        new InjectionSpec(
            "run", "f1", host.id(), Duration.ofSeconds(duration), Duration.ofSeconds(ttl), deed);
    return host.agent(path, spec.arguments().toArray(String[]::new));
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
