package dev.muster.engine.after;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.engine.home.RunFolder;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.file.Journal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UndoTest {
  private static final Stamp NOW = Stamp.engine(Instant.EPOCH);
  private static final Event.FaultArmed ARMED =
      new Event.FaultArmed(
          NOW, "f", "NodeShutdown", ObjectRef.Victim.parse("n"), Instant.EPOCH, Map.of());
  private static final Event REVERTED = new Event.FaultReverted(NOW, "f", Map.of());
  private static final Event NOT_REVERTED = new Event.FaultNotReverted(NOW, "f", "still off");

  @TempDir Path folder;

  @Test
  void anArmedFaultIsPendingUntilItsUndoIsKnown() {
    assertThat(Undo.pending(List.of(ARMED))).containsExactly(ARMED);
    assertThat(Undo.pending(List.of(ARMED, NOT_REVERTED))).containsExactly(ARMED);
    assertThat(Undo.pending(List.of(ARMED, NOT_REVERTED, REVERTED))).isEmpty();
    assertThat(Undo.pending(List.of(ARMED, REVERTED, ARMED))).containsExactly(ARMED);
  }

  @Test
  void aRunIsFinishedWhenItEndedAndLeftNoFault() {
    RunFolder run = new RunFolder(folder);
    assertThat(Undo.unfinished(run)).isFalse();
    try (Journal journal = Journal.open(folder)) {
      journal.append(ARMED);
      assertThat(Undo.unfinished(run)).isTrue();
      journal.append(new Event.RunEnded(NOW));
      assertThat(Undo.unfinished(run)).as("ended, but the node is still off").isTrue();
      journal.append(REVERTED);
      assertThat(Undo.unfinished(run)).isFalse();
    }
  }
}
