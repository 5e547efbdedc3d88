package dev.muster.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.timeline.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PollerTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(BEGIN);
  private final List<Event> told = new CopyOnWriteArrayList<>();
  private final AtomicInteger looks = new AtomicInteger();
  private volatile boolean fails;

  /** A look tells changes only: silence must not be taken for none. */
  @Test
  void whoeverSawNothingForLongSaysSoAndWhenItSeesAgain() {
    try (Poller each = new Poller("etcd", Duration.ofMillis(1), now::get, told::add, _ -> look())) {
      each.begin();
      again();
      fails = true;
      now.set(BEGIN.plusSeconds(14));
      again();
      assertThat(told).isEmpty();
      now.set(BEGIN.plusSeconds(16));
      await().until(() -> !told.isEmpty());
      again();
      assertThat(told)
          .singleElement()
          .isInstanceOfSatisfying(
              Event.ObservationLost.class,
              lost -> {
                assertThat(lost.what()).isEqualTo("etcd");
                assertThat(lost.why()).isEqualTo("no API server");
                assertThat(lost.stamp().at().minus(lost.stamp().uncertainty())).isEqualTo(BEGIN);
              });
      fails = false;
      await().until(() -> told.size() == 2);
      assertThat(told.getLast()).isInstanceOf(Event.ObservationResumed.class);
    }
  }

  private void look() {
    looks.incrementAndGet();
    if (fails) {
      throw new IllegalStateException("no API server");
    }
  }

  /** Until a look that began now is over. */
  private void again() {
    int before = looks.get();
    await().until(() -> looks.get() > before + 1);
  }
}
