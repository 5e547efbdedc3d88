package dev.muster.engine.after;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.engine.home.RunFolder;
import dev.muster.engine.run.Ports;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.file.Journal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** As where a stranger took the label of a drain, and the node takes no pods. */
  @Test
  void aCordonOfWhichNobodyKnowsWhoseItIsIsNoUndoThatWasSeen() {
    var clean = new Ports.Audit(List.of(), List.of(), List.of());
    assertThat(Undo.fate("f", clean, Optional.empty(), NOW))
        .isInstanceOf(Event.FaultReverted.class);
    assertThat(Undo.fate("f", clean, Optional.of("n1 is cordoned"), NOW))
        .isEqualTo(new Event.FaultRevertUnseen(NOW, "f", "n1 is cordoned"));
    var left = new Ports.Audit(List.of("node n2 is switched off"), List.of(), List.of());
    assertThat(Undo.fate("f", left, Optional.of("n1 is cordoned"), NOW))
        .isInstanceOf(Event.FaultNotReverted.class);
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
