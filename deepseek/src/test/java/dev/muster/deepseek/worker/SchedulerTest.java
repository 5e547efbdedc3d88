package dev.muster.deepseek.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.muster.deepseek.worker.profile.Speed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private final WorkerMetrics metrics = new WorkerMetrics("m");

  private Scheduler scheduler(int batch, int stepTokens, int blocks) {
    return new Scheduler(new Speed(1, 1, batch, 0, stepTokens, blocks), 100, metrics);
  }

  private static Generation add(Scheduler scheduler, int prompt, int total) {
    var generation = new Generation(Prompt.unknown(prompt), total, 0);
    assertThat(scheduler.add(generation)).isTrue();
    return generation;
  }

  private static Scheduler.Step step(Scheduler scheduler) {
    var step = scheduler.plan(0);
    scheduler.complete(0);
    return step;
  }

  private long counted(String name) {
    return metrics
        .text()
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .mapToLong(Math::round)
        .sum();
  }

  @Test
  void thoseThatDecodeComeBeforeThoseWhosePromptsAreRead() {
    var scheduler = scheduler(4, 10, 100);
    var first = add(scheduler, 4, 5);
    assertThat(step(scheduler)).isEqualTo(new Scheduler.Step(1, 4));
    var second = add(scheduler, 12, 5);
    assertThat(step(scheduler)).isEqualTo(new Scheduler.Step(2, 9));
    assertThat(step(scheduler)).as("the rest of it").isEqualTo(new Scheduler.Step(2, 3));
    assertThat(first.produced()).isEqualTo(3);
    assertThat(second.produced()).isEqualTo(1);
    assertThat(step(scheduler)).isEqualTo(new Scheduler.Step(2, 0));
  }

  @Test
  void anAnswerBeginsOnceAllOfItsPromptIsRead() {
    var scheduler = scheduler(1, 10, 100);
    var generation = add(scheduler, 11, 2);
    assertThat(step(scheduler)).isEqualTo(new Scheduler.Step(1, 10));
    assertThat(generation.produced()).isZero();
    assertThat(step(scheduler)).isEqualTo(new Scheduler.Step(1, 1));
    assertThat(generation.produced()).isEqualTo(1);
    assertThat(step(scheduler)).isEqualTo(new Scheduler.Step(1, 0));
    assertThat(generation.finished()).isTrue();
  }

  @Test
  void theNewestIsPreemptedAndComputedAgain() {
    var scheduler = scheduler(4, 100, 4);
    var first = add(scheduler, 30, 30);
    var second = add(scheduler, 30, 30);
    assertThat(step(scheduler)).isEqualTo(new Scheduler.Step(2, 60));
    assertThat(scheduler.cacheUsage()).isEqualTo(1);
    var third = add(scheduler, 30, 30);
    step(scheduler);
    assertThat(step(scheduler)).isEqualTo(new Scheduler.Step(2, 0));
    assertThat(first.produced()).isEqualTo(3);
    // The 33rd token of each needs a third block
    assertThat(step(scheduler)).isEqualTo(new Scheduler.Step(1, 0));
    assertThat(counted("vllm:num_preemptions_total")).isEqualTo(1);
    assertThat(scheduler.waiting()).isEqualTo(2);
    assertThat(first.produced()).isEqualTo(4);
    assertThat(second.produced()).as("keeps what it has").isEqualTo(3);
    while (!first.finished()) {
      assertThat(step(scheduler).prefill()).isZero();
    }
    assertThat(second.produced()).isEqualTo(3);
    assertThat(step(scheduler))
        .as("prompt and answer, before the third")
        .isEqualTo(new Scheduler.Step(1, 33));
    assertThat(second.produced()).isEqualTo(4);
    while (!third.finished()) {
      step(scheduler);
    }
    assertThat(second.produced()).isEqualTo(30);
    assertThat(third.produced()).isEqualTo(30);
    assertThat(scheduler.cacheUsage()).isZero();
  }

  @Test
  void aPromptThatWasHandedOverIsNotReadAgainUnlessItIsPreempted() {
    var scheduler = scheduler(4, 100, 4);
    add(scheduler, 30, 30);
    step(scheduler);
    var handedOver = new Generation(Prompt.unknown(30), 30, 0);
    assertThat(scheduler.expect()).isTrue();
    assertThat(step(scheduler)).as("it is not there yet").isEqualTo(new Scheduler.Step(1, 0));
    handedOver.receive(17);
    scheduler.arrive(handedOver);
    assertThat(step(scheduler)).as("its last token").isEqualTo(new Scheduler.Step(2, 1));
    assertThat(handedOver.produced()).isEqualTo(1);
    assertThat(handedOver.cached()).isEqualTo(17);
    while (counted("vllm:num_preemptions_total") == 0) {
      step(scheduler);
    }
    var had = handedOver.produced();
    while (handedOver.produced() == had && !scheduler.idle()) {
      var step = step(scheduler);
      assertThat(step.prefill()).isIn(0, 30 + had);
    }
    assertThat(handedOver.produced()).isEqualTo(had + 1);
    assertThat(handedOver.cached()).as("told once").isEqualTo(17);
  }

  @Test
  void noTokenIsLostOrDoubledWhateverIsPreempted() {
    for (long seed = 0; seed < 100; seed++) {
      var random = new Random(seed);
      var blocks = 4 + random.nextInt(30);
      var batch = 1 + random.nextInt(8);
      var scheduler = scheduler(batch, batch + random.nextInt(60), blocks);
      var generations = new ArrayList<Generation>();
      var steps = 0;
      while (generations.size() < 30 || scheduler.running() + scheduler.waiting() > 0) {
        if (generations.size() < 30 && random.nextInt(4) == 0) {
          var total = 1 + random.nextInt(blocks * KvCache.BLOCK - 1);
          var prompt = 1 + random.nextInt(blocks * KvCache.BLOCK - total);
          generations.add(add(scheduler, prompt, total));
        }
        if (random.nextInt(200) == 0 && !generations.isEmpty()) {
          generations.get(random.nextInt(generations.size())).cancel();
        }
        var before = produced(generations);
        step(scheduler);
        var after = produced(generations);
        for (int i = 0; i < after.size(); i++) {
          if (after.get(i) - before.get(i) > 1 || scheduler.cacheUsage() > 1) {
            fail("seed %d: %d tokens in a step", seed, after.get(i) - before.get(i));
          }
        }
        if (scheduler.running() > batch || ++steps > 100_000) {
          fail("seed %d: %d run after %d steps", seed, scheduler.running(), steps);
        }
      }
      for (var generation : generations) {
        if (!generation.cancelled()) {
          assertThat(generation.produced()).as("seed %d", seed).isEqualTo(generation.total());
        }
      }
      assertThat(scheduler.cacheUsage()).as("seed %d", seed).isZero();
    }
    assertThat(counted("vllm:num_preemptions_total")).isGreaterThan(100);
  }

  private static List<Integer> produced(List<Generation> generations) {
    return generations.stream().map(Generation::produced).toList();
  }
}
