package dev.muster.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.Fault;
import dev.muster.drill.Mode;
import dev.muster.drill.field.Selector;
import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.kind.KubeletStop;
import dev.muster.drill.time.RealTime;
import dev.muster.fault.FaultInjection;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Faults that only write down what becomes of them, and a runner of steps that chooses them. */
final class StepScene {
  static final Duration NONE = Duration.ZERO;
  static final Duration LONG = Duration.ofMinutes(10);

  final Queue<String> acts = new ConcurrentLinkedQueue<>();
  final Queue<Event> events = new ConcurrentLinkedQueue<>();
  final Queue<Duration> waits = new ConcurrentLinkedQueue<>();
  final List<Fake> made = new ArrayList<>();
  final Map<String, List<String>> victims = new HashMap<>();
  final Abort abort = new Abort(RealTime.TIME);
  volatile boolean diskFull;
  volatile boolean courseFails;
  Doing doing = _ -> true;

  final StepRunner runner =
      new StepRunner(
          this::choose,
          new Waiting(abort, RealTime.TIME),
          event -> {
            if (diskFull) {
              throw new IllegalStateException("disk full");
            }
            events.add(event);
          },
          RealTime.TIME,
          new StepRunner.Phases() {
            @Override
            public void waits(Duration length) {
              waits.add(length);
            }

            @Override
            public void begins(Fault fault) {
              // the injection tells
            }

            @Override
            public void held(Fault fault, Duration left) {
              if (left.isPositive()) {
                acts.add("held " + fault.pointer());
              }
            }

            @Override
            public void ending(Fault fault) {
              if (courseFails) {
                throw new IllegalStateException("disk full");
              }
            }
          });

  /** What an injection does; its answer is whether the effect was seen. */
  interface Doing {
    boolean inject(Fake fake) throws InterruptedException;
  }

  static boolean met(CyclicBarrier all) {
    try {
      all.await(20, TimeUnit.SECONDS);
      return true;
    } catch (InterruptedException
        | java.util.concurrent.BrokenBarrierException
        | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("they did not begin together", e);
    }
  }

  void assertClean() {
    assertThat(left()).isEmpty();
  }

  synchronized List<String> left() {
    return made.stream().filter(fake -> fake.active).map(fake -> fake.victim).toList();
  }

  synchronized void arrive(String fault, List<String> names) {
    victims.put(fault, names);
  }

  private synchronized List<Ports.Victim> choose(
      Fault fault, int nth, Set<ObjectRef.Victim> spared) {
    String name = fault.pointer();
    if (name.equals("gone")) {
      throw new IllegalStateException("no pod");
    }
    List<Ports.Victim> chosen = new ArrayList<>();
    for (String victim : victims.getOrDefault(name, List.of(name))) {
      if (!spared.contains(ObjectRef.Victim.parse(victim))) {
        long before = made.stream().filter(f -> f.name.startsWith(name)).count();
        Fake fake = new Fake(name + (before + 1), victim);
        made.add(fake);
        chosen.add(new Ports.Victim(ObjectRef.Victim.parse(victim), fake));
      }
    }
    return chosen;
  }

  static Fault fault(String name, long millis) {
    return new Shape(name).lasting(millis).build();
  }

  /** A fault in the making; its name stands where its place in the file does. */
  static final class Shape {
    private final String name;
    private FaultKind kind = new KubeletStop();
    private @Nullable Duration duration = Duration.ofMillis(1);
    private Duration after = NONE;
    private Duration every = NONE;
    private int times = 1;
    private boolean follow;

    Shape(String name) {
      this.name = name;
    }

    Shape kind(FaultKind which) {
      kind = which;
      return this;
    }

    Shape lasting(long millis) {
      duration = Duration.ofMillis(millis);
      return this;
    }

    Shape instant() {
      duration = null;
      return this;
    }

    Shape after(long millis) {
      after = Duration.ofMillis(millis);
      return this;
    }

    Shape every(long millis) {
      every = Duration.ofMillis(millis);
      return this;
    }

    Shape times(int count) {
      times = count;
      return this;
    }

    Shape follow() {
      follow = true;
      return this;
    }

    Fault build() {
      return new Fault(
          kind, Mode.ALL, Selector.EMPTY, duration, LONG, after, times, every, follow, name);
    }
  }

  final class Fake implements FaultInjection {
    final String name;
    final String victim;
    final AtomicInteger looks = new AtomicInteger();
    volatile boolean active;
    volatile Duration arming = NONE;
    volatile boolean revertFails;
    volatile CountDownLatch reverting = new CountDownLatch(0);
    volatile CountDownLatch go = new CountDownLatch(0);

    Fake(String name, String victim) {
      this.name = name;
      this.victim = victim;
    }

    @Override
    public String id() {
      return name;
    }

    @Override
    public boolean inject() throws InterruptedException {
      acts.add("inject " + name);
      active = true;
      return doing.inject(this);
    }

    @Override
    public Duration arming() {
      return arming;
    }

    @Override
    public void look() {
      looks.incrementAndGet();
    }

    @Override
    public boolean revert(String why) {
      acts.add("revert " + name + ": " + why);
      reverting.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        return false; // an undo that an interrupt reaches is cut short
      }
      if (revertFails) {
        throw new IllegalStateException("can not undo " + name);
      }
      active = false;
      return true;
    }
  }
}
