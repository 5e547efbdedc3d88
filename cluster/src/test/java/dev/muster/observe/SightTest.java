package dev.muster.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SightTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final List<Event> events = new ArrayList<>();
  private final Sight sight = new Sight("watch of Pod", () -> now, events::add);

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
    assertThat(sight.uncertainty()).isEqualTo(Sight.USUAL);
    assertThat(events).isEmpty();
  }

  @Test
  void aLossIsSaidOnceAndNamesSinceWhenItMayBeSo() {
    pass(3_000);
    sight.lost("reset");
    pass(1_000);
    sight.lost("refused");
    assertThat(events).singleElement().satisfies(SightTest::lost);
    Event.ObservationLost lost = (Event.ObservationLost) events.getFirst();
    assertThat(lost.what()).isEqualTo("watch of Pod");
    assertThat(lost.why()).isEqualTo("reset");
    assertThat(lost.stamp().uncertainty()).isEqualTo(Duration.ofSeconds(3));
    assertThat(sight.uncertainty()).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void whatIsToldAtItsReturnMayBeAsOldAsTheGap() {
    sight.lost("reset");
    pass(8_000);
    sight.lost("refused");
    pass(400);
    sight.resumed();
    assertThat(events).hasSize(2);
    assertThat(resumed(events.getLast()).stamp().uncertainty()).isEqualTo(Duration.ofMillis(400));
    assertThat(sight.uncertainty()).isEqualTo(Duration.ofMillis(8_400));
    pass(499);
    assertThat(sight.uncertainty()).isEqualTo(Duration.ofMillis(8_899));
    pass(1);
    assertThat(sight.uncertainty()).isEqualTo(Sight.USUAL);
  }

  @Test
  void aGapThatIsBearableIsNone() {
    pass(5_000);
    sight.current();
    pass(500);
    sight.broke("reset", Sight.USUAL);
    sight.resumed();
    assertThat(events).isEmpty();
    pass(501);
    sight.broke("reset", Sight.USUAL);
    assertThat(events).singleElement().satisfies(SightTest::lost);
  }

  @Test
  void whatWasTrueLaterThanItsLastWordCountsFromThere() {
    Instant alive = now.plusSeconds(4);
    pass(6_000);
    sight.current(alive);
    sight.current(alive.minusSeconds(3));
    sight.lost("cut");
    assertThat(events.getFirst().stamp().uncertainty()).isEqualTo(Duration.ofSeconds(2));
    sight.current(now);
    assertThat(sight.age()).isEqualTo(Duration.ofSeconds(2));
  }
}
