package dev.muster.engine.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VirtualTimeTest {
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @Test
  void anHourPassesAtOnceAndInOrder() throws InterruptedException {
    play(time -> {
      Time.Work slow = time.start("slow", () -> nap(time, 3600, "slow"));
      Time.Work fast = time.start("fast", () -> nap(time, 10, "fast"));
      joined(slow);
      joined(fast);
      seen.add("at " + time.elapsed().toSeconds());
    });
    assertThat(seen).containsExactly("fast", "slow", "at 3600");
  }

  @Test
  void aSignalWakesWhoeverAwaitsIt() throws InterruptedException {
    play(time -> {
      Time.Signal signal = time.signal();
      Time.Work waiting =
          time.start(
              "waiting",
              () -> {
                try {
                  seen.add(signal.await(Duration.ofHours(1)) + " at " + time.elapsed().toSeconds());
                  seen.add(
                      time.signal().await(Duration.ofSeconds(5))
                          + " at "
                          + time.elapsed().toSeconds());
                } catch (InterruptedException e) {
                  seen.add("interrupted");
                }
              });
      nap(time, 7, "raised");
      signal.raise();
      joined(waiting);
    });
    assertThat(seen).containsExactly("raised", "true at 7", "false at 12");
  }

  @Test
  void aLockWhoseOwnerSleepsHoldsNobodyElseUp() throws InterruptedException {
    Object lock = new Object();
    play(time -> {
      Time.Work owner =
          time.start(
              "owner",
              () -> {
                synchronized (lock) {
                  nap(time, 100, "owner");
                }
              });
      nap(time, 1, "begun");
      Time.Work second =
          time.start(
              "second",
              () -> {
                synchronized (lock) {
                  seen.add("second");
                }
              });
      nap(time, 50, "other");
      joined(owner);
      joined(second);
      seen.add("at " + time.elapsed().toSeconds());
    });
    assertThat(seen).containsExactly("begun", "other", "owner", "second", "at 100");
  }

  @Test
  void anInterruptEndsAWait() throws InterruptedException {
    play(time -> {
      Time.Work sleeper =
          time.start(
              "sleeper",
              () -> {
                try {
                  time.sleep(Duration.ofHours(1));
                } catch (InterruptedException e) {
                  seen.add("interrupted at " + time.elapsed().toSeconds());
                }
              });
      nap(time, 3, "now");
      sleeper.interrupt();
      joined(sleeper);
    });
    assertThat(seen).containsExactly("now", "interrupted at 3");
  }

  @Test
  void whoIsKilledDoesNothingMore() throws InterruptedException {
    play(time -> {
      Time.Work process =
          time.startMortal(
              "process",
              () -> {
                time.start("thread of it", () -> nap(time, 20, "thread"));
                nap(time, 10, "process");
              });
      nap(time, 5, "kill");
      time.kill();
      joined(process);
      nap(time, 100, "late");
    });
    assertThat(seen).containsExactly("kill", "late");
  }

  @Test
  void theSameSeedGivesTheSameOrder() throws InterruptedException {
    List<List<String>> orders = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      seen.clear();
      play(time -> {
        List<Time.Work> all = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
          String name = "t" + n;
          all.add(time.start(name, () -> nap(time, 5, name)));
        }
        all.forEach(VirtualTimeTest::joined);
      });
      orders.add(List.copyOf(seen));
    }
    assertThat(orders).allMatch(orders.getFirst()::equals);
    assertThat(orders.getFirst()).isNotEqualTo(orders.getFirst().stream().sorted().toList());
  }

  @Test
  void aPauseAndASuspensionAreTimesInWhichNobodyDidAnything() throws InterruptedException {
    play(time -> {
      long nanos = time.nanos();
      time.freeze(Duration.ofSeconds(60));
      seen.add("frozen " + Duration.ofNanos(time.nanos() - nanos).toSeconds());
      time.suspend(Duration.ofSeconds(60));
      seen.add("suspended " + Duration.ofNanos(time.nanos() - nanos).toSeconds());
      seen.add(Duration.between(VirtualTime.BEGIN, time.instant()).toSeconds() + " by the clock");
    });
    assertThat(seen).containsExactly("frozen 60", "suspended 60", "120 by the clock");
  }

  private interface Play {
    void in(VirtualTime time);
  }

  private void play(Play play) throws InterruptedException {
    try (VirtualTime time = new VirtualTime(7, Duration.ofDays(1))) {
      time.run(() -> play.in(time));
      assertThat(time.failures).isEmpty();
    }
  }

  private void nap(Time time, long seconds, String name) {
    try {
      time.sleep(Duration.ofSeconds(seconds));
      seen.add(name);
    } catch (InterruptedException e) {
      seen.add(name + " interrupted");
    }
  }

  private static void joined(Time.Work work) {
    try {
      assertThat(work.join(Duration.ofDays(1))).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
