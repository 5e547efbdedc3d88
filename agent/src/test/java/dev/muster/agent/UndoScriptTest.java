package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.node.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The scripts as the node's busybox runs them; what needs no root. */
@Timeout(60)
@EnabledIf("there")
class UndoScriptTest {
  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final long MUCH_LATER = 1L << 40;

  @TempDir Path home;
  private Path folder;
  private final List<Process> started = new ArrayList<>();

  static boolean there() {
    return Files.isExecutable(BUSYBOX);
  }

  @BeforeEach
  void make() throws IOException {
    folder = Files.createDirectory(home.resolve("run.f1"));
  }

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void bothAreOfTheShellsGrammar() throws Exception {
    for (String name : List.of("undo.sh", "join.sh")) {
      Process check =
          new ProcessBuilder(
                  BUSYBOX.toString(), "sh", "-n", ArmedUndo.copy(name, folder).toString())
              .redirectErrorStream(true)
              .start();
      assertThat(
              new String(
                  check.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
          .isEmpty();
      assertThat(check.waitFor()).isZero();
    }
  }

  @Test
  void itWaitsUntilItIsTold() throws Exception {
    Path taken = Files.writeString(home.resolve("fill"), "x");
    Process undo = undo(self(), MUCH_LATER, "file " + taken);
    // several looks of its own have passed when another undo, started later, is through
    Path other = Files.createDirectory(home.resolve("run.f2"));
    undo(other, self(), 0, "").waitFor();
    assertThat(undo.isAlive()).isTrue();
    assertThat(taken).exists();

    Files.writeString(folder.resolve("now"), "");

    assertThat(undo.waitFor()).isZero();
    assertThat(taken).doesNotExist();
    assertThat(folder).doesNotExist();
  }

  @Test
  void itFiresWhenItsTimeIsOverAndWhenItsAgentIsAnotherProcess() throws Exception {
    Path taken = Files.writeString(home.resolve("fill"), "x");
    assertThat(undo(self(), 1, "file " + taken).waitFor()).isZero();
    assertThat(taken).doesNotExist();

    Files.writeString(taken, "x");
    NodeProcess self = self();
    NodeProcess before =
        new NodeProcess(self.pid(), self.parent(), self.state(), self.start() - 1, self.name());
    folder = Files.createDirectory(home.resolve("run.f3"));
    assertThat(undo(before, MUCH_LATER, "file " + taken).waitFor()).isZero();
    assertThat(taken).doesNotExist();
  }

  @Test
  void undoingWhatWasNeverDoneDoesNoHarm() throws Exception {
    Path chains = iptables("-S) echo '-P INPUT ACCEPT' ;; *) exit 1 ;;");
    NodeProcess self = self();
    assertThat(
            undo(
                    self,
                    1,
                    "file " + home.resolve("nothing"),
                    "cgroup " + home.resolve("no-group"),
                    "cont " + self.pid() + " " + (self.start() + 1),
                    "chain " + chains + " mangle MUSTER-F-1 PREROUTING")
                .waitFor())
        .isZero();
    assertThat(folder).doesNotExist();
  }

  /** Its lock is held by another: then nobody has seen that the chain is gone. */
  @Test
  void aChainThatCouldNotBeLookedForIsNotUndone() throws Exception {
    Path chains = iptables("*) exit 4 ;;");
    Process undo = undo(self(), 1, "chain " + chains + " mangle MUSTER-F-1 PREROUTING");
    await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(folder.resolve("failed")));
    assertThat(folder.resolve("failed")).content().startsWith("ttl over; could not undo: chain");

    iptables("-S) echo '-P INPUT ACCEPT' ;; *) exit 1 ;;");

    assertThat(undo.waitFor()).isZero();
    assertThat(folder).doesNotExist();
  }

  @Test
  void aChainThatIsStillThereIsNotUndone() throws Exception {
    Path chains = iptables("-S) printf '%s\\n' '-P INPUT ACCEPT' '-N MUSTER-F-1' ;; *) exit 1 ;;");
    undo(self(), 1, "chain " + chains + " mangle MUSTER-F-1 PREROUTING");
    await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(folder.resolve("failed")));
    assertThat(folder).exists();
  }

  @Test
  void aListThatCanNotBeReadIsNotAnEmptyOne() throws Exception {
    Path other = Files.createDirectory(home.resolve("run.f4"));
    Process undo = undo(other, self(), MUCH_LATER, "");
    Files.delete(other.resolve("undo"));
    Files.writeString(other.resolve("now"), "");
    await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(other.resolve("failed")));
    assertThat(other.resolve("failed")).content().contains("reading");

    Files.writeString(other.resolve("undo"), "");

    assertThat(undo.waitFor()).isZero();
    assertThat(other).doesNotExist();
  }

  /** A program that is given {@code -w 5 -t TABLE COMMAND}. */
  private Path iptables(String cases) throws IOException {
    Path next = home.resolve("next");
    Files.writeString(next, "#!/bin/busybox sh\ncase $5 in\n" + cases + "\nesac\n");
    assertThat(next.toFile().setExecutable(true)).isTrue();
    return Files.move(
        next, home.resolve("iptables"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static NodeProcess self() {
    return NodeProcess.of(ProcessHandle.current().pid()).orElseThrow();
  }

  private Process undo(NodeProcess agent, long deadline, String... lines) throws IOException {
    return undo(folder, agent, deadline, String.join("\n", lines));
  }

  private Process undo(Path folder, NodeProcess agent, long deadline, String lines)
      throws IOException {
    Files.writeString(folder.resolve("undo"), lines + "\n");
    Process process =
        new ProcessBuilder(
                BUSYBOX.toString(),
                "sh",
                ArmedUndo.copy("undo.sh", folder).toString(),
                folder.toString(),
                Long.toString(agent.pid()),
                Long.toString(agent.start()),
                Long.toString(deadline))
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("undo.log").toFile())
            .start();
    started.add(process);
    return process;
  }
}
