package dev.muster.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObservationTrackerTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final List<Event> events = new ArrayList<>();
  private final ObservationTracker tracker =
      new ObservationTracker("watch of Pod", () -> now, events::add);

  private void pass(long millis) {
    now = now.plusMillis(millis);
  }

  private static Event lost(Event event) {
    assertThat(event).isInstanceOf(Event.ObservationLost.class);
    return event;
  }

  private static Event resumed(Event event) {
    assertThat(event).isInstanceOf(Event.ObservationResumed.class);
    return event;
  }

  @Test
  void whatIsCurrentIsOldByTheUsualDelayOnly() {
    pass(60_000);
    assertThat(tracker.uncertainty()).isEqualTo(ObservationTracker.USUAL);
    assertThat(events).isEmpty();
  }

  @Test
  void aLossIsSaidOnceAndNamesSinceWhenItMayBeSo() {
    pass(3_000);
    tracker.lost("reset");
    pass(1_000);
    tracker.lost("refused");
    assertThat(events).singleElement().satisfies(ObservationTrackerTest::lost);
    Event.ObservationLost lost = (Event.ObservationLost) events.getFirst();
    assertThat(lost.what()).isEqualTo("watch of Pod");
    assertThat(lost.why()).isEqualTo("reset");
    assertThat(lost.stamp().uncertainty()).isEqualTo(Duration.ofSeconds(3));
    assertThat(tracker.uncertainty()).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void whatIsToldAtItsReturnMayBeAsOldAsTheGap() {
    tracker.lost("reset");
    pass(8_000);
    tracker.lost("refused");
    pass(400);
    tracker.resumed();
    assertThat(events).hasSize(2);
    assertThat(resumed(events.getLast()).stamp().uncertainty()).isEqualTo(Duration.ofMillis(400));
    assertThat(tracker.uncertainty()).isEqualTo(Duration.ofMillis(8_400));
    pass(499);
    assertThat(tracker.uncertainty()).isEqualTo(Duration.ofMillis(8_899));
    pass(1);
    assertThat(tracker.uncertainty()).isEqualTo(ObservationTracker.USUAL);
  }

  @Test
  void aGapThatIsBearableIsNone() {
    pass(5_000);
    tracker.current();
    pass(500);
    tracker.broke("reset", ObservationTracker.USUAL);
    tracker.resumed();
    assertThat(events).isEmpty();
    pass(501);
    tracker.broke("reset", ObservationTracker.USUAL);
    assertThat(events).singleElement().satisfies(ObservationTrackerTest::lost);
  }

  @Test
  void whatWasTrueLaterThanItsLastWordCountsFromThere() {
    Instant alive = now.plusSeconds(4);
    pass(6_000);
    tracker.current(alive);
    tracker.current(alive.minusSeconds(3));
    tracker.lost("cut");
    assertThat(events.getFirst().stamp().uncertainty()).isEqualTo(Duration.ofSeconds(2));
    tracker.current(now);
    assertThat(tracker.age()).isEqualTo(Duration.ofSeconds(2));
  }
}
