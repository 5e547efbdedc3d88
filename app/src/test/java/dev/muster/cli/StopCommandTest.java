package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.file.Journal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are not going on any more: what became of them, and what to do. */
class StopCommandTest {
  private static final Stamp NOW = Stamp.engine(Instant.EPOCH);
  private static final Event ARMED =
      new Event.FaultArmed(
          NOW, "f", "NodeShutdown", ObjectRef.Victim.parse("node-1"), Instant.EPOCH, Map.of());
  private static final Event REVERTED = new Event.FaultReverted(NOW, "f", Map.of());
  private static final Event OVER = new Event.RunEnded(NOW);

  @TempDir Path folder;

  private Ended stop(Event... events) {
    try (Journal journal = Journal.open(folder)) {
      for (Event event : events) {
        journal.append(event);
      }
    }
    return Ended.of("stop", folder.toString());
  }

  @Test
  void ofAKilledRunItSaysWhatIsNotUndoneAndHowToUndoIt() {
    Ended ended = stop(ARMED);
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.output())
        .contains("was killed", "NodeShutdown of node-1", "muster resume " + folder.getFileName());
  }

  @Test
  void aKilledRunThatLeftNothingCanStillBeFinished() {
    Ended ended = stop(ARMED, REVERTED);
    assertThat(ended.exit()).isZero();
    assertThat(ended.output()).contains("was killed", "every fault is undone", "muster resume");
  }

  @Test
  void aRunThatEndedNeedsNothing() {
    Ended ended = stop(ARMED, REVERTED, OVER);
    assertThat(ended.exit()).isZero();
    assertThat(ended.output()).contains("has ended").doesNotContain("resume");
  }

  @Test
  void aRunThatEndedAndLeftItsFault() {
    Ended ended = stop(ARMED, OVER);
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.output()).contains("has ended", "NodeShutdown of node-1", "muster resume");
  }
}
