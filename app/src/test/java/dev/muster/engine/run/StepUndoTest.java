package dev.muster.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.drill.Step;
import dev.muster.timeline.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever comes between the steps, what was begun is undone. */
@Timeout(60)
class StepUndoTest {
  private final StepScene scene = new StepScene();

  @Test
  void anAbortEndsAHoldAtOnceUndoesEverythingAndBeginsNothing() throws InterruptedException {
    List<Step> steps =
        List.of(
            new Step.Parallel(
                List.of(
                    StepScene.fault("a", StepScene.LONG.toMillis()),
                    new Step.Hold(StepScene.LONG),
                    StepScene.fault("b", 1))),
            StepScene.fault("c", 1),
            new Step.Parallel(List.of(StepScene.fault("d", 1))));
    Thread.ofVirtual()
        .start(() -> {
          await().until(() -> scene.acts.contains("held a") && scene.acts.contains("inject b1"));
          scene.abort.request("by the test");
        });
    assertThat(scene.runner.run(steps)).isFalse();
    assertThat(scene.acts)
        .contains("revert a1: by the test")
        .noneMatch(a -> a.contains("c1") || a.contains("d1"));
    scene.assertClean();
  }

  @Test
  void anAbortDuringOneFaultBeginsNoOther() throws InterruptedException {
    scene.doing =
        _ -> {
          scene.abort.request("by the test");
          return true;
        };
    assertThat(
            scene.runner.run(
                List.of(StepScene.fault("a", StepScene.LONG.toMillis()), StepScene.fault("b", 1))))
        .isFalse();
    assertThat(scene.acts).contains("revert a1: by the test").doesNotContain("inject b1");
    scene.assertClean();
  }

  @Test
  void anAbortEndsRepetitions() throws InterruptedException {
    scene.doing =
        fake -> {
          if (fake.name.equals("a2")) {
            scene.abort.request("enough");
          }
          return true;
        };
    assertThat(
            scene.runner.run(
                List.of(new StepScene.Shape("a").lasting(1).times(9).every(1).build())))
        .isFalse();
    assertThat(scene.acts).contains("inject a2").doesNotContain("inject a3");
    scene.assertClean();
  }

  @Test
  void whatGoesWrongWithOneVictimKeepsNoOtherFromBeingUndone() throws InterruptedException {
    scene.victims.put("a", List.of("x", "y", "z"));
    scene.doing =
        fake -> {
          fake.revertFails = fake.victim.equals("y");
          return true;
        };
    assertThat(scene.runner.run(List.of(StepScene.fault("a", 1)))).isTrue();
    assertThat(scene.left()).containsExactly("y");
    assertThat(scene.events).anyMatch(e -> e instanceof Event.FaultRevertUnseen);

    assertThat(scene.runner.revertAll("again")).isFalse();
    assertThat(scene.acts).contains("revert a1: again", "revert a3: again");
    scene.made.forEach(fake -> fake.revertFails = false);
    assertThat(scene.runner.revertAll("at last")).isTrue();
    scene.assertClean();
  }

  @Test
  void anInjectionThatThrowsIsUndoneWithThoseBesideIt() {
    scene.victims.put("a", List.of("x", "y"));
    scene.doing =
        fake -> {
          if (fake.victim.equals("y")) {
            throw new IllegalStateException("broken");
          }
          return true;
        };
    assertThatThrownBy(() -> scene.runner.run(List.of(StepScene.fault("a", 60_000))))
        .hasMessage("broken");
    assertThatThrownBy(() ->
            scene.runner.run(
                List.of(
                    new Step.Parallel(List.of(StepScene.fault("a", 1), StepScene.fault("b", 1))))))
        .hasMessage("broken");
    scene.assertClean();
  }

  @Test
  void aFullDiskKeepsNothing() {
    scene.courseFails = true;
    assertThatThrownBy(() -> scene.runner.run(List.of(StepScene.fault("b", 1))))
        .hasMessage("disk full");
    scene.assertClean();

    scene.doing =
        fake -> {
          scene.diskFull = true;
          fake.revertFails = true;
          return true;
        };
    assertThatThrownBy(() -> scene.runner.run(List.of(StepScene.fault("c", 1))))
        .hasMessage("disk full");
    assertThat(scene.runner.revertAll("disk full")).isFalse();
    scene.made.forEach(fake -> fake.revertFails = false);
    assertThat(scene.runner.revertAll("disk full")).isTrue();
    scene.assertClean();
  }

  @Test
  void anInterruptUndoesEverythingToTheEnd() throws Exception {
    scene.victims.put("a", List.of("x", "y"));
    CountDownLatch reverting = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    scene.doing =
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
                scene.runner.run(List.of(StepScene.fault("a", StepScene.LONG.toMillis())));
              } catch (InterruptedException e) {
                scene.acts.add("interrupted");
              }
              over.countDown();
            });
    await().until(() -> scene.acts.contains("held a"));
    run.interrupt();
    assertThat(reverting.await(20, TimeUnit.SECONDS)).isTrue();
    run.interrupt(); // once more, while both are being undone
    go.countDown();
    assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(scene.acts).contains("interrupted");
    scene.assertClean();
  }

  /** Whatever the steps are, and wherever an injection fails, throws or aborts. */
  @Test
  void nothingIsLeftWhateverTheStepsAre() {
    long seed = RandomGenerator.getDefault().nextLong();
    System.out.println("StepUndoTest seed " + seed);
    Random random = new Random(seed);
    for (int n = 0; n < 60; n++) {
      StepScene one = new StepScene();
      long trouble = random.nextLong();
      one.doing = fake -> troubled(one, fake, new Random(trouble ^ fake.name.hashCode()));
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

  private static boolean troubled(StepScene one, StepScene.Fake fake, Random random) {
    fake.revertFails = random.nextInt(12) == 0;
    return switch (random.nextInt(20)) {
      case 0 -> false;
      case 1 -> throw new IllegalStateException("broken");
      case 2 -> {
        one.abort.request("by chance");
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
                new StepScene.Shape("abcde".substring(random.nextInt(5)).substring(0, 1))
                    .lasting(random.nextInt(5))
                    .times(1 + random.nextInt(2))
                    .every(random.nextInt(5))
                    .build();
          });
    }
    return steps;
  }
}
