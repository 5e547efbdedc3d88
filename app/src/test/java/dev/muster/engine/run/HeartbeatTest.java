package dev.muster.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.engine.time.VirtualTime;
import dev.muster.timeline.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HeartbeatTest {
  private final List<Event> events = new ArrayList<>();
  private final AtomicInteger looks = new AtomicInteger();
  private boolean full;

  /** Ten quiet seconds, then what happens, then ten more. */
  private void live(java.util.function.Consumer<VirtualTime> happening)
      throws InterruptedException {
    try (VirtualTime time = new VirtualTime(1, Duration.ofHours(1))) {
      time.run(() -> {
        try (Heartbeat _ =
            new Heartbeat(
                    time,
                    event -> {
                      if (full) {
                        throw new IllegalStateException("disk full");
                      }
                      events.add(event);
                    },
                    looks::incrementAndGet)
                .start()) {
          time.sleep(Duration.ofSeconds(10));
          happening.accept(time);
          time.sleep(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      });
      assertThat(time.failures).isEmpty();
    }
  }

  @Test
  void aQuietLifeIsNoNews() throws InterruptedException {
    live(time -> time.freeze(Duration.ofMillis(1900)));
    assertThat(events).isEmpty();
    assertThat(looks).hasValueGreaterThan(30);
  }

  @Test
  void aProcessThatStoodStillSaysFromWhenAndForHowLong() throws InterruptedException {
    live(time -> time.freeze(Duration.ofSeconds(60)));
    assertThat(events).singleElement().isInstanceOf(Event.EnginePaused.class);
    Event.EnginePaused paused = (Event.EnginePaused) events.getFirst();
    assertThat(paused.from())
        .isBetween(VirtualTime.BEGIN.plusMillis(9400), VirtualTime.BEGIN.plusSeconds(10));
    assertThat(paused.length()).isBetween(Duration.ofSeconds(60), Duration.ofMillis(60_600));
    assertThat(paused.stamp().at()).isEqualTo(paused.from().plus(paused.length()));
  }

  @Test
  void aMachineThatWasSuspendedIsAPauseAndNoStepOfItsClock() throws InterruptedException {
    live(time -> time.suspend(Duration.ofMinutes(10)));
    assertThat(events).singleElement().isInstanceOf(Event.EnginePaused.class);
  }

  @Test
  void aClockThatIsSetIsToldOnceWithItsSign() throws InterruptedException {
    live(time -> time.step(Duration.ofHours(-1)));
    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            Event.ClockStepped.class,
            step -> {
              assertThat(step.by()).isEqualTo(Duration.ofHours(-1));
              assertThat(step.stamp().at())
                  .as("stamps are not set back")
                  .isBetween(VirtualTime.BEGIN.plusSeconds(10), VirtualTime.BEGIN.plusSeconds(11));
            });
    events.clear();
    live(time -> {
      time.step(Duration.ofMillis(900));
      time.step(Duration.ofMillis(900));
    });
    assertThat(events).singleElement().isInstanceOf(Event.ClockStepped.class);
  }

  @Test
  void aRecordThatCanNotBeWrittenDoesNotEndTheLooks() throws InterruptedException {
    full = true;
    live(time -> time.freeze(Duration.ofSeconds(60)));
    assertThat(looks).hasValueGreaterThan(30);
  }
}
