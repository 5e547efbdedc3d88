package dev.muster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.Power;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class NodeShutdownTest {
  private static final Duration TTL = Duration.ofHours(1);
  private final List<Event> timeline = new ArrayList<>();
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private volatile boolean on = true;
  private boolean powerWorks = true;
  private boolean leaseReadable = true;
  private boolean timelineWorks = true;
  private final AtomicInteger refusals = new AtomicInteger();
  private final CountDownLatch ttl = new CountDownLatch(1);

  private final InstantSource clock = () -> now;
  private final Pause pause =
      time -> {
        if (time.equals(TTL)) {
          ttl.await();
        } else {
          now = now.plus(time);
        }
      };
  private final Power power =
      new Power() {
        @Override
        public void off(String node) {
          on &= !powerWorks;
        }

        @Override
        public void on(String node) {
          if (refusals.getAndDecrement() > 0) {
            throw new IllegalStateException("busy");
          }
          on = true;
        }

        @Override
        public State state(String node) {
          return on ? State.ON : State.OFF;
        }

        @Override
        public String describe() {
          return "fake";
        }
      };
  private final NodeProbe probe =
      new NodeProbe() {
        @Override
        public Optional<Instant> lastRenewal(String node) {
          // renewed every 10 s as long as the node lives
          long ten = on ? now.getEpochSecond() / 10 * 10 : 5;
          return leaseReadable ? Optional.of(Instant.ofEpochSecond(ten)) : Optional.empty();
        }

        @Override
        public boolean reachable(String node) {
          return on && leaseReadable;
        }
      };
  private final NodeShutdown fault =
      new NodeShutdown(
          "f",
          new ObjectRef.Node("n1", null),
          TTL,
          power,
          probe,
          new HandTime(clock, pause),
          event -> {
            if (!timelineWorks) {
              throw new IllegalStateException("disk full");
            }
            timeline.add(event);
          });

  @Test
  void armsInjectsVerifiesAndReverts() throws InterruptedException {
    assertThat(fault.inject()).isTrue();
    assertThat(fault.revert("done")).isTrue();
    assertThat(fault.revert("again")).isTrue();
    assertThat(on).isTrue();
    assertThat(timeline)
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly(
            "FaultArmed",
            "FaultInjected",
            "MilestoneReached",
            "FaultVerified",
            "FaultReverting",
            "MilestoneReached",
            "FaultReverted");
    assertThat(((Event.FaultVerified) timeline.get(3)).evidence()).containsEntry("power", "OFF");
  }

  @Test
  void aPowerThatDoesNothingIsNotVerified() throws InterruptedException {
    powerWorks = false;
    assertThat(fault.inject()).isFalse();
    assertThat(timeline.getLast()).isInstanceOf(Event.FaultNotVerified.class);
  }

  @Test
  void aLeaseThatCanNotBeReadProvesNothing() throws InterruptedException {
    leaseReadable = false;
    assertThat(fault.inject()).isFalse();
  }

  @Test
  void nothingIsDoneThatCouldNotBeAnnounced() {
    timelineWorks = false;
    assertThatThrownBy(fault::inject).hasMessage("disk full");
    assertThat(on).isTrue();
  }

  @Test
  void aFullDiskOrAnInterruptDoesNotKeepTheNodeOff() throws InterruptedException {
    fault.inject();
    timelineWorks = false;
    Thread.currentThread().interrupt();
    assertThat(fault.revert("ctrl-c")).isTrue();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(on).isTrue();
  }

  @Test
  void triesAgainAtTtlWhereTheProviderRefuses() throws InterruptedException {
    refusals.set(3);
    fault.inject();
    ttl.countDown();
    org.awaitility.Awaitility.await().until(() -> on);
  }

  @Test
  void revertsByItselfAtTtl() throws InterruptedException {
    fault.inject();
    ttl.countDown();
    org.awaitility.Awaitility.await().until(() -> on);
  }
}
