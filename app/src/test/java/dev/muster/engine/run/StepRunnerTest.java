package dev.muster.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.drill.Fault;
import dev.muster.drill.Mode;
import dev.muster.drill.Step;
import dev.muster.drill.field.Selector;
import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.kind.NodeDrain;
import dev.muster.drill.kind.PodKill;
import dev.muster.drill.kind.ProcessKill;
import dev.muster.drill.kind.Rollout;
import dev.muster.timeline.Event;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Steps and their order, on faults that only write down what becomes of them. */
@Timeout(60)
class StepRunnerTest {
  private final StepScene scene = new StepScene();

  @Test
  void stepsOfAListFollowOneAnother() throws InterruptedException {
    assertThat(
            scene.runner.run(
                List.of(StepScene.fault("a", 5), StepScene.fault("b", 5), StepScene.fault("c", 5))))
        .isTrue();
    assertThat(scene.acts)
        .filteredOn(a -> !a.startsWith("held")) // on a busy machine one is over before it is held
        .containsExactly(
            "inject a1", "revert a1: duration is over",
            "inject b1", "revert b1: duration is over",
            "inject c1", "revert c1: duration is over");
  }

  @Test
  void eachVictimIsLookedAtAgainAndAgainWhileTheFaultIsHeld() throws InterruptedException {
    scene.victims.put("a", List.of("x", "y"));
    assertThat(scene.runner.run(List.of(StepScene.fault("a", 2200)))).isTrue();
    assertThat(scene.made).allSatisfy(fake -> assertThat(fake.looks.get()).isPositive());
  }

  /** A rollout that takes longer than it is held for is held all the same. */
  @Test
  void whatTakesItsTimeIsHeldFromWhenItIsSeen() throws InterruptedException {
    Fault rollout =
        new Fault(
            new Rollout(null, null, Duration.ofMinutes(5)),
            Mode.ONE,
            Selector.EMPTY,
            Duration.ofNanos(1), // over before it is seen
            Duration.ofMinutes(10),
            Duration.ZERO,
            1,
            Duration.ZERO,
            false,
            "a");
    assertThat(scene.runner.run(List.of(rollout))).isTrue();
    assertThat(scene.acts).contains("held a");
  }

  /** A drain may wait for budgets for minutes: nobody who aborts waits for it. */
  @Test
  void anAbortUndoesWhatTakesItsTimeWhileItIsUnderWay() throws InterruptedException {
    scene.doing =
        fake -> {
          scene.abort.request("errors above 50 %");
          await().until(() -> !fake.active); // as a course that leaves when it is undone
          return false;
        };
    Fault drain =
        new StepScene.Shape("a")
            .kind(new NodeDrain(null, Duration.ofMinutes(5), Selector.EMPTY))
            .build();
    assertThat(scene.runner.run(List.of(drain, StepScene.fault("b", 1)))).isFalse();
    assertThat(scene.acts)
        .startsWith("inject a1", "revert a1: errors above 50 %")
        .doesNotContain("inject b1");
    scene.assertClean();
  }

  @Test
  void whatWasSeenBeforeAnAbortIsUndoneInItsTurn() throws InterruptedException {
    Fault drain =
        new StepScene.Shape("a")
            .kind(new NodeDrain(null, Duration.ofMinutes(5), Selector.EMPTY))
            .build();
    assertThat(scene.runner.run(List.of(drain))).isTrue();
    scene.abort.request("errors above 50 %");
    await()
        .during(Duration.ofMillis(300)) // whoever waits for aborts looks every 200 ms
        .until(() -> scene.acts.stream().filter(act -> act.startsWith("revert")).count() == 1);
    assertThat(scene.acts).contains("revert a1: duration is over");
  }

  /** Its time counts from the injection: what an agent takes to begin does not shorten it. */
  @Test
  void aFaultThatBeginsLateLastsAsLongAsItShould() throws InterruptedException {
    scene.victims.put("a", List.of("x", "y"));
    scene.doing =
        fake -> {
          fake.arming = fake.victim.equals("x") ? Duration.ofMillis(400) : StepScene.NONE;
          return true;
        };
    long began = System.nanoTime();
    assertThat(scene.runner.run(List.of(StepScene.fault("a", 100)))).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isGreaterThanOrEqualTo(Duration.ofMillis(500));
  }

  @Test
  void parallelStepsBeginTogetherAndEndByThemselves() throws Exception {
    CyclicBarrier all = new CyclicBarrier(3);
    scene.doing = _ -> StepScene.met(all);
    assertThat(
            scene.runner.run(
                List.of(
                    new Step.Parallel(
                        List.of(
                            StepScene.fault("a", 5),
                            StepScene.fault("b", 400),
                            new Step.Serial(List.of(StepScene.fault("c", 5))))),
                    new Step.Hold(Duration.ofMillis(1)))))
        .isTrue();
    assertThat(scene.acts).endsWith("revert b1: duration is over");
    assertThat(scene.acts).filteredOn(a -> a.startsWith("revert")).hasSize(3);
    scene.assertClean();
  }

  @Test
  void theVictimsOfOneFaultAreHitTogether() throws Exception {
    scene.victims.put("a", List.of("x", "y", "z"));
    CyclicBarrier all = new CyclicBarrier(3);
    scene.doing = _ -> StepScene.met(all);
    assertThat(scene.runner.run(List.of(StepScene.fault("a", 1)))).isTrue();
    assertThat(scene.acts).filteredOn(a -> a.startsWith("revert")).hasSize(3);
  }

  @Test
  void aHoldAndAStartOffsetAreWaitedFor() throws InterruptedException {
    Fault late = new StepScene.Shape("b").after(30).build();
    long began = System.nanoTime();
    assertThat(scene.runner.run(List.of(new Step.Hold(Duration.ofMillis(40)), late))).isTrue();
    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(68_000_000L);
    assertThat(scene.acts).startsWith("inject b1");
    assertThat(scene.waits).containsExactly(Duration.ofMillis(40), Duration.ofMillis(30));
  }

  @Test
  void aFaultIsDoneSoOftenAndBetweenItsBeginningsIsItsInterval() throws InterruptedException {
    Queue<Long> begins = new ConcurrentLinkedQueue<>();
    scene.doing = _ -> begins.add(System.nanoTime());
    assertThat(
            scene.runner.run(
                List.of(new StepScene.Shape("a").lasting(5).times(3).every(60).build())))
        .isTrue();
    assertThat(scene.acts)
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
        List.of(new PodKill(StepScene.NONE, every), new ProcessKill(List.of(), every))) {
      scene.acts.clear();
      scene.made.clear();
      assertThat(
              scene.runner.run(List.of(new StepScene.Shape("k").kind(kind).lasting(100).build())))
          .isTrue();
      assertThat(scene.acts).filteredOn(a -> a.startsWith("inject")).hasSize(5);
    }
  }

  @Test
  void aKillWithoutDurationIsDoneOnce() throws InterruptedException {
    FaultKind kill = new PodKill(StepScene.NONE, null);
    assertThat(scene.runner.run(List.of(new StepScene.Shape("k").kind(kill).instant().build())))
        .isTrue();
    assertThat(scene.acts).containsExactly("inject k1", "revert k1: duration is over");
  }

  @Test
  void aFaultWithoutEffectIsUndoneAndEndsWhatFollows() throws InterruptedException {
    scene.doing = fake -> !fake.name.equals("b1");
    assertThat(
            scene.runner.run(
                List.of(
                    StepScene.fault("a", 1),
                    StepScene.fault("b", 60_000),
                    StepScene.fault("c", 1))))
        .isFalse();
    assertThat(scene.acts)
        .endsWith("inject b1", "revert b1: duration is over")
        .doesNotContain("held b", "inject c1");
    scene.assertClean();
  }

  @Test
  void aFaultWithoutVictimIsNoSuccess() throws InterruptedException {
    scene.victims.put("a", List.of());
    assertThat(scene.runner.run(List.of(StepScene.fault("a", 1), StepScene.fault("b", 1))))
        .isFalse();
    scene.victims.remove("a");
    assertThat(scene.runner.run(List.of(StepScene.fault("gone", 1)))).isFalse();
    assertThat(scene.acts).isEmpty();
    assertThat(scene.events)
        .extracting(e -> ((Event.FaultNotVerified) e).why())
        .containsExactly("nobody to disturb: nobody was chosen", "nobody to disturb: no pod");
    assertThat(scene.events)
        .extracting(e -> ((Event.FaultNotVerified) e).fault())
        .doesNotHaveDuplicates();
  }

  @Test
  void newcomersAreTakenOnceEach() throws InterruptedException {
    scene.victims.put("a", List.of("x"));
    Thread.ofVirtual()
        .start(() -> {
          await().until(() -> scene.acts.contains("held a"));
          scene.arrive("a", List.of("x", "y", "z"));
        });
    assertThat(scene.runner.run(List.of(new StepScene.Shape("a").lasting(2500).follow().build())))
        .isTrue();
    assertThat(scene.made).extracting(fake -> fake.victim).containsExactly("x", "y", "z");
    assertThat(scene.acts).filteredOn(a -> a.startsWith("revert")).hasSize(3);
  }
}
