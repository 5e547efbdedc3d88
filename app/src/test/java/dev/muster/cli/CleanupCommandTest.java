package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.engine.home.RunFolder;
import dev.muster.engine.wiring.FakeApi;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.file.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cleanup looks, whatever the journal's end. */
@Timeout(60)
class CleanupCommandTest {
  private static final Path RUNS = Path.of(System.getenv("MUSTER_HOME")).resolve("runs");
  private static final Stamp NOW = Stamp.engine(Instant.EPOCH);

  @TempDir Path folder;
  private RunFolder run = new RunFolder(RUNS.resolve("20260101-000000-ended-abcd"));
  private Path power = Path.of("power");

  /** The run ended, and its journal says that its fault was undone. */
  @BeforeEach
  void ended() throws IOException {
    Files.createDirectories(run.path());
    power = Files.writeString(folder.resolve("power"), "off\n");
    Files.writeString(
        run.drill(),
        """
        apiVersion: muster.dev/v1
        kind: Drill
        metadata: {name: d}
        target: {namespace: s, selector: {labelSelectors: {app: w}}, endpoint: "http://127.0.0.1:1"}
        load: {arrivals: {constant: 1/s}, baseline: 5s}
        power:
          off: [sh, -c, "false {{node}}"]
          on: [sh, -c, "echo on > %1$s", "{{node}}"]
          state: [sh, -c, "cat %1$s", "{{node}}"]
        faults: [{kind: NodeShutdown, duration: 30s, ttl: 1m}]
        expect: {detected: {within: 60s}}
        """
            .formatted(power));
    try (Journal journal = Journal.open(run.path())) {
      var node = new ObjectRef.Node("n1", null);
      journal.append(new Event.FaultArmed(NOW, "f", "NodeShutdown", node, NOW.at(), Map.of()));
      journal.append(new Event.FaultReverted(NOW, "f", Map.of("power", "ON")));
      journal.append(new Event.RunEnded(NOW));
    }
  }

  @AfterEach
  void discard() {
    run.discard();
  }

  @Test
  void aNodeThatAnEndedRunLeftOffIsFoundAndSwitchedOn() throws IOException {
    try (FakeApi api = new FakeApi(power)) {
      run.writeSite(Map.of("kubeconfig", api.kubeconfig(folder).toString()));
      Ended dry = Ended.of("cleanup", "--dry-run");
      assertThat(dry.exit()).as(dry.output()).isEqualTo(69);
      assertThat(dry.output()).contains("would undo: node n1 is switched off");
      assertThat(power).content().isEqualTo("off\n");

      Ended ended = Ended.of("cleanup");
      assertThat(ended.exit()).as(ended.output()).isZero();
      assertThat(ended.output())
          .contains("found: node n1 is switched off")
          .contains("undone: all 1 that were found");
      assertThat(power).content().isEqualTo("on\n");

      Ended again = Ended.of("cleanup");
      assertThat(again.exit()).as(again.output()).isZero();
      assertThat(again.output()).contains("nothing to clean up");
    }
  }

  @Test
  void aClusterThatIsNotThereWasNotLookedAtAndNothingIsClaimed() {
    run.writeSite(Map.of("kubeconfig", folder.resolve("gone").toString()));
    Ended ended = Ended.of("cleanup");
    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.output())
        .contains("could not be looked at: ")
        .contains("if it is gone for good, move the folders of its runs elsewhere: " + run.path())
        .doesNotContain("nothing to clean up");
  }

  /** Whatever became of the file: a cluster that was disturbed is not forgotten. */
  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing", "a: b", "kubeconfig=\\uZZZZ", "\0\1\2"})
  void aClusterOfWhichNobodyKnowsIsToldAndNothingIsClaimed(String written) throws IOException {
    if (!written.isEmpty()) {
      Files.writeString(run.path().resolve("site.properties"), written);
    }
    for (String[] command : new String[][] {{"cleanup"}, {"cleanup", "--dry-run"}}) {
      Ended ended = Ended.of(command);
      assertThat(ended.exit()).as(ended.output()).isEqualTo(69);
      assertThat(ended.output())
          .contains(run.id(), "does not say any more which cluster it disturbed", "--context")
          .doesNotContain("nothing to clean up");
    }
  }

  /** A drill that would be refused today was run all the same. */
  @Test
  void aRunOfADrillThatMakesNoSenseIsCleanedUpToo() throws IOException {
    Files.writeString(
        run.drill(), Files.readString(run.drill()).replace("duration: 30s", "duration: 1s"));
    try (FakeApi api = new FakeApi(power)) {
      run.writeSite(Map.of("kubeconfig", api.kubeconfig(folder).toString()));
      Ended ended = Ended.of("cleanup");
      assertThat(ended.exit()).as(ended.output()).isZero();
      assertThat(power).content().isEqualTo("on\n");
    }
  }

  @Test
  void aLabThatIsDownHasNothingLeft() {
    run.writeSite(Map.of("lab", "gone", "lab.started", "true"));
    Ended ended = Ended.of("cleanup");
    assertThat(ended.exit()).isZero();
    assertThat(ended.output()).contains("nothing to clean up: no cluster of a run is there");
  }

  /** Whichever way the run was led to it. */
  @Test
  void theKubeconfigOfALabThatIsDownHasNothingLeft() {
    Path labs = RUNS.resolveSibling("labs");
    run.writeSite(Map.of("kubeconfig", labs.resolve("gone/pki/admin.conf").toString()));
    Ended ended = Ended.of("cleanup");
    assertThat(ended.exit()).as(ended.output()).isZero();
    assertThat(ended.output()).contains("nothing to clean up: no cluster of a run is there");
  }

  @Test
  void aLabOfWhichSomethingIsThereIsLookedAt() throws IOException {
    Path lab = Files.createDirectories(RUNS.resolveSibling("labs").resolve("half"));
    try {
      run.writeSite(Map.of("kubeconfig", lab.resolve("pki/admin.conf").toString()));
      Ended ended = Ended.of("cleanup", "--dry-run");
      assertThat(ended.exit()).as(ended.output()).isEqualTo(69);
      assertThat(ended.output()).contains("could not be looked at: ");
    } finally {
      Files.delete(lab);
      Files.delete(lab.getParent());
    }
  }

  @Test
  void resumeClaimsNoMoreThanTheJournalSays() {
    run.writeSite(Map.of("lab", "gone", "lab.started", "true"));
    assertThat(Ended.of("resume", run.id()).output())
        .contains("its journal says that its faults were undone; 'muster cleanup' looks");
  }
}
