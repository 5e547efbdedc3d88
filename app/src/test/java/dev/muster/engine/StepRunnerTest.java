package dev.muster.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.drill.Fault;
import dev.muster.drill.FaultKind;
import dev.muster.drill.Mode;
import dev.muster.drill.Selector;
import dev.muster.drill.Step;
import dev.muster.fault.Disturbance;
import dev.muster.timeline.Event;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Steps and their order, on faults that only write down what becomes of them. */
@Timeout(60)
class StepRunnerTest {
  private static final Duration NONE = Duration.ZERO;
  private static final Duration LONG = Duration.ofMinutes(10);

  private final Queue<String> acts = new ConcurrentLinkedQueue<>();
  private final Queue<Event> events = new ConcurrentLinkedQueue<>();
  private final List<Fake> made = new ArrayList<>();
  private final Map<String, List<String>> victims = new HashMap<>();
  private final Abort abort = new Abort();
  private volatile boolean diskFull;
  private volatile boolean courseFails;
  private Doing doing = _ -> true;

  private final StepRunner runner =
      new StepRunner(
          this::choose,
          new Waiting(abort),
          event -> {
            if (diskFull) {
              throw new IllegalStateException("disk full");
            }
            events.add(event);
          },
          Clock.systemUTC(),
          new StepRunner.Course() {
            @Override
            public void held(Fault fault, Duration left) {
              acts.add("held " + fault.pointer());
            }

            @Override
            public void ending(Fault fault) {
              if (courseFails) {
                throw new IllegalStateException("disk full");
              }
            }
          });

  /** What an injection does; its answer is whether the effect was seen. */
  private interface Doing {
    boolean inject(Fake fake) throws InterruptedException;
  }

  @Test
  void stepsOfAListFollowOneAnother() throws InterruptedException {
    assertThat(runner.run(List.of(fault("a", 5), fault("b", 5), fault("c", 5)))).isTrue();
    assertThat(acts)
        .containsExactly(
            "inject a1",
            "held a",
            "revert a1: duration is over",
            "inject b1",
            "held b",
            "revert b1: duration is over",
            "inject c1",
            "held c",
            "revert c1: duration is over");
  }

  @Test
  void parallelStepsBeginTogetherAndEndByThemselves() throws Exception {
    CyclicBarrier all = new CyclicBarrier(3);
    doing = _ -> met(all);
    assertThat(
            runner.run(
                List.of(
                    new Step.Parallel(
                        List.of(
                            fault("a", 5),
                            fault("b", 400),
                            new Step.Serial(List.of(fault("c", 5))))),
                    new Step.Hold(Duration.ofMillis(1)))))
        .isTrue();
    assertThat(acts).endsWith("revert b1: duration is over").hasSize(9);
    assertClean();
  }

  @Test
  void theVictimsOfOneFaultAreHitTogether() throws Exception {
    victims.put("a", List.of("x", "y", "z"));
    CyclicBarrier all = new CyclicBarrier(3);
    doing = _ -> met(all);
    assertThat(runner.run(List.of(fault("a", 1)))).isTrue();
    assertThat(acts).filteredOn(a -> a.startsWith("revert")).hasSize(3);
  }

  @Test
  void aHoldAndAStartOffsetAreWaitedFor() throws InterruptedException {
    Fault late = new Shape("b").after(30).build();
    long began = System.nanoTime();
    assertThat(runner.run(List.of(new Step.Hold(Duration.ofMillis(40)), late))).isTrue();
    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(68_000_000L);
    assertThat(acts).startsWith("inject b1");
  }

  @Test
  void aFaultIsDoneSoOftenAndBetweenItsBeginningsIsItsInterval() throws InterruptedException {
    Queue<Long> begins = new ConcurrentLinkedQueue<>();
    doing = _ -> begins.add(System.nanoTime());
    assertThat(runner.run(List.of(new Shape("a").lasting(5).times(3).every(60).build()))).isTrue();
    assertThat(acts)
        .filteredOn(a -> !a.startsWith("held"))
        .containsExactly(
            "inject a1", "revert a1: duration is over",
            "inject a2", "revert a2: duration is over",
            "inject a3", "revert a3: duration is over");
    List<Long> at = List.copyOf(begins);
    assertThat(at.get(2) - at.get(0)).isGreaterThanOrEqualTo(115_000_000L);
  }

  @Test
  void aKillIsRepeatedInsideOfItsDuration() throws InterruptedException {
    Duration every = Duration.ofMillis(20);
    for (FaultKind kind :
        List.of(new FaultKind.PodKill(NONE, every), new FaultKind.ProcessKill(List.of(), every))) {
      acts.clear();
      made.clear();
      assertThat(runner.run(List.of(new Shape("k").kind(kind).lasting(100).build()))).isTrue();
      assertThat(acts).filteredOn(a -> a.startsWith("inject")).hasSize(5);
    }
  }

  @Test
  void aKillWithoutDurationIsDoneOnce() throws InterruptedException {
    FaultKind kill = new FaultKind.PodKill(NONE, null);
    assertThat(runner.run(List.of(new Shape("k").kind(kill).instant().build()))).isTrue();
    assertThat(acts).containsExactly("inject k1", "revert k1: duration is over");
  }

  @Test
  void aFaultWithoutEffectIsUndoneAndEndsWhatFollows() throws InterruptedException {
    doing = fake -> !fake.name.equals("b1");
    assertThat(runner.run(List.of(fault("a", 1), fault("b", 60_000), fault("c", 1)))).isFalse();
    assertThat(acts)
        .endsWith("inject b1", "revert b1: duration is over")
        .doesNotContain("held b", "inject c1");
    assertClean();
  }

  @Test
  void aFaultWithoutVictimIsNoSuccess() throws InterruptedException {
    victims.put("a", List.of());
    assertThat(runner.run(List.of(fault("a", 1), fault("b", 1)))).isFalse();
    victims.remove("a");
    assertThat(runner.run(List.of(fault("gone", 1)))).isFalse();
    assertThat(acts).isEmpty();
    assertThat(events)
        .extracting(e -> ((Event.FaultNotVerified) e).why())
        .containsExactly("nobody to disturb: nobody was chosen", "nobody to disturb: no pod");
    assertThat(events)
        .extracting(e -> ((Event.FaultNotVerified) e).fault())
        .doesNotHaveDuplicates();
  }

  @Test
  void anAbortEndsAHoldAtOnceUndoesEverythingAndBeginsNothing() throws InterruptedException {
    List<Step> steps =
        List.of(
            new Step.Parallel(
                List.of(fault("a", LONG.toMillis()), new Step.Hold(LONG), fault("b", 1))),
            fault("c", 1),
            new Step.Parallel(List.of(fault("d", 1))));
    Thread.ofVirtual()
        .start(() -> {
          await().until(() -> acts.contains("held a") && acts.contains("held b"));
          abort.request("by the test");
        });
    assertThat(runner.run(steps)).isFalse();
    assertThat(acts)
        .contains("revert a1: by the test")
        .noneMatch(a -> a.contains("c1") || a.contains("d1"));
    assertClean();
  }

  @Test
  void anAbortDuringOneFaultBeginsNoOther() throws InterruptedException {
    doing =
        _ -> {
          abort.request("by the test");
          return true;
        };
    assertThat(runner.run(List.of(fault("a", LONG.toMillis()), fault("b", 1)))).isFalse();
    assertThat(acts).contains("revert a1: by the test").doesNotContain("inject b1");
    assertClean();
  }

  @Test
  void anAbortEndsRepetitions() throws InterruptedException {
    doing =
        fake -> {
          if (fake.name.equals("a2")) {
            abort.request("enough");
          }
          return true;
        };
    assertThat(runner.run(List.of(new Shape("a").lasting(1).times(9).every(1).build()))).isFalse();
    assertThat(acts).contains("inject a2").doesNotContain("inject a3");
    assertClean();
  }

  @Test
  void newcomersAreTakenOnceEach() throws InterruptedException {
    victims.put("a", List.of("x"));
    Thread.ofVirtual()
        .start(() -> {
          await().until(() -> acts.contains("held a"));
          arrive("a", List.of("x", "y", "z"));
        });
    assertThat(runner.run(List.of(new Shape("a").lasting(2500).follow().build()))).isTrue();
    assertThat(made).extracting(fake -> fake.victim).containsExactly("x", "y", "z");
    assertThat(acts).filteredOn(a -> a.startsWith("revert")).hasSize(3);
  }

  @Test
  void whatGoesWrongWithOneVictimKeepsNoOtherFromBeingUndone() throws InterruptedException {
    victims.put("a", List.of("x", "y", "z"));
    doing =
        fake -> {
          fake.revertFails = fake.victim.equals("y");
          return true;
        };
    assertThat(runner.run(List.of(fault("a", 1)))).isTrue();
    assertThat(left()).containsExactly("y");
    assertThat(events).anyMatch(e -> e instanceof Event.FaultNotReverted);

    assertThat(runner.revertAll("again")).isFalse();
    assertThat(acts).contains("revert a1: again", "revert a3: again");
    made.forEach(fake -> fake.revertFails = false);
    assertThat(runner.revertAll("at last")).isTrue();
    assertClean();
  }

  @Test
  void anInjectionThatThrowsIsUndoneWithThoseBesideIt() {
    victims.put("a", List.of("x", "y"));
    doing =
        fake -> {
          if (fake.victim.equals("y")) {
            throw new IllegalStateException("broken");
          }
          return true;
        };
    assertThatThrownBy(() -> runner.run(List.of(fault("a", 60_000)))).hasMessage("broken");
    assertThatThrownBy(
            () -> runner.run(List.of(new Step.Parallel(List.of(fault("a", 1), fault("b", 1))))))
        .hasMessage("broken");
    assertClean();
  }

  @Test
  void aFullDiskKeepsNothing() {
    courseFails = true;
    assertThatThrownBy(() -> runner.run(List.of(fault("b", 1)))).hasMessage("disk full");
    assertClean();

    doing =
        fake -> {
          diskFull = true;
          fake.revertFails = true;
          return true;
        };
    assertThatThrownBy(() -> runner.run(List.of(fault("c", 1)))).hasMessage("disk full");
    assertThat(runner.revertAll("disk full")).isFalse();
    made.forEach(fake -> fake.revertFails = false);
    assertThat(runner.revertAll("disk full")).isTrue();
    assertClean();
  }

  @Test
  void anInterruptUndoesEverythingToTheEnd() throws Exception {
    victims.put("a", List.of("x", "y"));
    CountDownLatch reverting = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    doing =
        fake -> {
          fake.reverting = reverting;
          fake.go = go;
          return true;
        };
    CountDownLatch over = new CountDownLatch(1);
    Thread run =
        Thread.ofVirtual()
            .start(() -> {
              try {
                runner.run(List.of(fault("a", LONG.toMillis())));
              } catch (InterruptedException e) {
                acts.add("interrupted");
              }
              over.countDown();
            });
    await().until(() -> acts.contains("held a"));
    run.interrupt();
    assertThat(reverting.await(20, TimeUnit.SECONDS)).isTrue();
    run.interrupt(); // once more, while both are being undone
    go.countDown();
    assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(acts).contains("interrupted");
    assertClean();
  }

  /** Whatever the steps are, and wherever an injection fails, throws or aborts. */
  @Test
  void nothingIsLeftWhateverTheStepsAre() {
    long seed = RandomGenerator.getDefault().nextLong();
    System.out.println("StepRunnerTest seed " + seed);
    Random random = new Random(seed);
    for (int n = 0; n < 60; n++) {
      StepRunnerTest one = new StepRunnerTest();
      long trouble = random.nextLong();
      one.doing = fake -> one.troubled(fake, new Random(trouble ^ fake.name.hashCode()));
      for (String name : List.of("a", "b", "c", "d", "e")) {
        one.victims.put(name, List.of("x", "y", "z").subList(0, 1 + random.nextInt(3)));
      }
      List<Step> steps = steps(random, 3);
      try {
        one.runner.run(steps);
      } catch (InterruptedException | IllegalStateException e) {
        one.acts.add(e.toString());
      }
      one.made.forEach(fake -> fake.revertFails = false);
      boolean all = one.runner.revertAll("the end");
      assertThat(all).as("seed %d, case %d: %s of %s", seed, n, one.acts, steps).isTrue();
      assertThat(one.left()).as("seed %d, case %d: %s", seed, n, one.acts).isEmpty();
    }
  }

  private boolean troubled(Fake fake, Random random) {
    fake.revertFails = random.nextInt(12) == 0;
    return switch (random.nextInt(20)) {
      case 0 -> false;
      case 1 -> throw new IllegalStateException("broken");
      case 2 -> {
        abort.request("by chance");
        yield true;
      }
      default -> true;
    };
  }

  private List<Step> steps(Random random, int depth) {
    List<Step> steps = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      steps.add(
          switch (depth == 0 ? 0 : random.nextInt(5)) {
            case 1 -> new Step.Parallel(steps(random, depth - 1));
            case 2 -> new Step.Serial(steps(random, depth - 1));
            case 3 -> new Step.Hold(Duration.ofMillis(random.nextInt(4)));
            default ->
                new Shape("abcde".substring(random.nextInt(5)).substring(0, 1))
                    .lasting(random.nextInt(5))
                    .times(1 + random.nextInt(2))
                    .every(random.nextInt(5))
                    .build();
          });
    }
    return steps;
  }

  private static boolean met(CyclicBarrier all) {
    try {
      all.await(20, TimeUnit.SECONDS);
      return true;
    } catch (InterruptedException
        | java.util.concurrent.BrokenBarrierException
        | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("they did not begin together", e);
    }
  }

  private void assertClean() {
    assertThat(left()).isEmpty();
  }

  private synchronized List<String> left() {
    return made.stream().filter(fake -> fake.active).map(fake -> fake.victim).toList();
  }

  private synchronized void arrive(String fault, List<String> names) {
    victims.put(fault, names);
  }

  private synchronized List<Ports.Victim> choose(Fault fault, int nth, Set<String> spared) {
    String name = fault.pointer();
    if (name.equals("gone")) {
      throw new IllegalStateException("no pod");
    }
    List<Ports.Victim> chosen = new ArrayList<>();
    for (String victim : victims.getOrDefault(name, List.of(name))) {
      if (!spared.contains(victim)) {
        long before = made.stream().filter(f -> f.name.startsWith(name)).count();
        Fake fake = new Fake(name + (before + 1), victim);
        made.add(fake);
        chosen.add(new Ports.Victim(victim, fake));
      }
    }
    return chosen;
  }

  private static Fault fault(String name, long millis) {
    return new Shape(name).lasting(millis).build();
  }

  /** A fault in the making; its name stands where its place in the file does. */
  private static final class Shape {
    private final String name;
    private FaultKind kind = new FaultKind.KubeletStop();
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

  private final class Fake implements Disturbance {
    final String name;
    final String victim;
    volatile boolean active;
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
