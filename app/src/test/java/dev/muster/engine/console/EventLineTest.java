package dev.muster.engine.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventLineTest {
  private static String line(Milestone milestone) {
    Stamp now = Stamp.engine(Instant.parse("2026-01-01T00:00:00Z"));
    return EventLine.of(
            new Event.MilestoneReached(now, milestone, ObjectRef.parse("node/node-2"), Map.of()))
        .orElseThrow();
  }

  @Test
  void aMilestoneHasTheWordOfTheReport() {
    assertThat(line(Milestone.LEFTOVERS_GONE)).isEqualTo("old pods gone: node/node-2");
    assertThat(line(Milestone.NODE_NOT_READY)).isEqualTo("node not ready: node/node-2");
  }
}
