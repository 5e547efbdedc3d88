package dev.muster.deepseek.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.data.Offset.offset;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.fault.Failure;
import dev.muster.deepseek.fault.Fault;
import dev.muster.deepseek.fault.Faults;
import dev.muster.deepseek.group.Group;
import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.worker.profile.MachineClock;
import dev.muster.deepseek.worker.profile.Profile;
import dev.muster.deepseek.worker.profile.Speed;
import dev.muster.deepseek.worker.profile.VirtualClock;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineTest {
  /** 1000 prompt tokens a second, 100 tokens of an answer, two streams, the second costs half. */
  private static final Speed SMALL = new Speed(1_000, 100, 2, 0.5, 64, 1_000);

  private static final Speed LAB = Profile.LAB.speed();

  private static final Log QUIET =
      new Log(new PrintStream(PrintStream.nullOutputStream()), InstantSource.system(), "", "");

  private final WorkerMetrics metrics = new WorkerMetrics("m");

  private Engine engine(Speed speed, MachineClock clock) {
    return new Engine(speed, 1, metrics, clock, Group.ALONE, new Faults(clock::now, QUIET));
  }

  /** Runs until the generation is over; when each of its tokens came, in milliseconds. */
  private static List<Double> times(Engine engine, Generation generation, VirtualClock clock)
      throws InterruptedException {
    var times = new ArrayList<Double>();
    while (!generation.finished()) {
      engine.step();
      while (times.size() < generation.produced()) {
        times.add(clock.now() / 1e6);
      }
    }
    return times;
  }

  @Test
  void noBurstFollowsAStandstillOfSixSeconds() throws InterruptedException {
    var clock = new VirtualClock(Duration.ofMillis(5));
    clock.stop(Duration.ofMillis(1_010), Duration.ofSeconds(6));
    var engine = engine(LAB, clock);
    var generation = engine.submit(Prompt.unknown(8), 400).orElseThrow();
    var times = times(engine, generation, clock);
    var step = LAB.step(1, 0).toNanos() / 1e6;
    assertThat(step).isEqualTo(20);
    for (int i = 0; i < times.size(); i++) {
      for (int j = i + 1; j < times.size(); j++) {
        // Of k gaps between tokens, all but one take a step each: one may be made up for
        if (times.get(j) - times.get(i) < (j - i - 1) * step) {
          fail("tokens %d to %d came from %f to %f ms", i, j, times.get(i), times.get(j));
        }
      }
    }
    // 399 gaps and the six seconds, of which one step is made up for, and the last wake-up
    assertThat(times.getLast() - times.getFirst())
        .isBetween(399 * step + 6_000 - 2 * step, 399 * step + 6_000 + 5);
  }

  @Test
  void timeThatIsLostIsNotCaughtUp() {
    assertThat(Engine.due(100, 101, false, 20)).as("in time").isEqualTo(120);
    assertThat(Engine.due(100, 115, false, 20)).as("woken late").isEqualTo(120);
    assertThat(Engine.due(100, 6100, false, 20)).as("stood still").isEqualTo(6100);
    assertThat(Engine.due(100, 6100, true, 20)).as("idle").isEqualTo(6120);
  }

  @Test
  void readsThePromptFirstAndThenKeepsItsPace() throws InterruptedException {
    var clock = new VirtualClock();
    var engine = engine(SMALL, clock);
    var generation = engine.submit(Prompt.unknown(100), 20).orElseThrow();
    times(engine, generation, clock);
    // Two steps of 10 ms each, in which 64 and 36 tokens take a millisecond each; then 19 steps
    assertThat(generation.firstTokenSeconds()).isEqualTo(0.120);
    assertThat(generation.decodeSeconds()).isEqualTo(0.190);
    assertThat(engine.running()).isZero();
    assertThat(metrics.text())
        .contains("vllm:generation_tokens_total{engine=\"0\",model_name=\"m\"} 20.0\n");
  }

  @Test
  void aLargePromptIsALongerGapForOthers() throws InterruptedException {
    var clock = new VirtualClock();
    var engine = engine(LAB, clock);
    var reader = engine.submit(Prompt.unknown(1), 12).orElseThrow();
    while (reader.produced() < 4) {
      engine.step();
    }
    var before = clock.now() / 1e6;
    var large = engine.submit(Prompt.unknown(6_000), 1).orElseThrow();
    var times = times(engine, reader, clock);
    times.set(3, before);
    var gaps = new ArrayList<Double>();
    for (int i = 4; i < times.size(); i++) {
      gaps.add(Math.round((times.get(i) - times.get(i - 1)) * 1e3) / 1e3);
    }
    // 2,047 tokens beside the one that is decoded, at 8,000 a second, on top of a step for two
    var full = 20.1 + 2_047 / 8.0;
    assertThat(gaps)
        .startsWith(full, full, 20.1 + (6_000 - 2 * 2_047) / 8.0, 20.0)
        .endsWith(20.0, 20.0);
    assertThat(large.firstTokenSeconds() * 1e3).isCloseTo(3 * 20.1 + 6_000 / 8.0, offset(0.001));
  }

  @Test
  void aPromptThatIsKnownCostsLittleUntilTheProcessDies() throws InterruptedException {
    var body =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted("x".repeat(5_334));
    var prompt = Prompt.of(1_600, body.getBytes(StandardCharsets.UTF_8));
    var clock = new VirtualClock();
    var engine = engine(SMALL, clock);
    assertThat(firstToken(engine, prompt, clock)).isEqualTo(25 * 0.010 + 1.6);
    assertThat(firstToken(engine, prompt, clock)).as("the last block again").isEqualTo(0.026);
    assertThat(firstToken(engine(SMALL, clock), prompt, clock)).isEqualTo(25 * 0.010 + 1.6);
    assertThat(metrics.text())
        .contains("vllm:prefix_cache_queries_total{engine=\"0\",model_name=\"m\"} 4800.0\n")
        .contains("vllm:prefix_cache_hits_total{engine=\"0\",model_name=\"m\"} 1584.0\n");
  }

  private static double firstToken(Engine engine, Prompt prompt, VirtualClock clock)
      throws InterruptedException {
    var generation = engine.submit(prompt, 2).orElseThrow();
    times(engine, generation, clock);
    return Math.round(generation.firstTokenSeconds() * 1e6) / 1e6;
  }

  @Test
  void refusesWhatNeitherBatchNorQueueHolds() {
    var engine = engine(SMALL, new VirtualClock());
    assertThat(engine.submit(Prompt.unknown(1), 1)).isPresent();
    assertThat(engine.submit(Prompt.unknown(1), 1)).isPresent();
    var third = engine.submit(Prompt.unknown(1), 1).orElseThrow();
    assertThat(engine.submit(Prompt.unknown(1), 1)).isEmpty();
    third.cancel();
    assertThat(engine.submit(Prompt.unknown(1), 1)).as("nobody wants the third").isPresent();
  }

  @Test
  void whoIsExpectedHasAPlaceAlready() throws InterruptedException {
    var clock = new VirtualClock();
    var engine = engine(SMALL, clock);
    var expected = engine.expect(Prompt.unknown(100), 1).orElseThrow();
    assertThat(engine.submit(Prompt.unknown(1), 1)).isPresent();
    assertThat(engine.submit(Prompt.unknown(1), 1)).isPresent();
    assertThat(engine.submit(Prompt.unknown(1), 1)).as("its place").isEmpty();
    engine.step();
    assertThat(engine.queued()).isEqualTo(1);
    clock.sleepUntil(clock.now() + Duration.ofSeconds(2).toNanos());
    expected.receive(0);
    engine.arrive(expected);
    engine.step();
    assertThat(expected.finished()).isTrue();
    assertThat(expected.firstTokenSeconds()).as("from when it was asked for").isGreaterThan(2);
    assertThat(engine.queued()).isZero();
  }

  @Test
  void whatIsLostIsToldAndNothingIsTakenUntilItIsBack() throws InterruptedException {
    var clock = new VirtualClock();
    try (var engine = engine(SMALL, clock)) {
      var lost = engine.submit(Prompt.unknown(1), 5).orElseThrow();
      var coming = engine.expect(Prompt.unknown(1), 1).orElseThrow();
      engine.step();
      var why = ApiError.server("a rank is gone");
      engine.lose(why);
      assertThat(lost.stopped()).isSameAs(why);
      assertThat(lost.await(1, Duration.ofSeconds(60))).as("at once").isEqualTo(1);
      assertThat(engine.running() + engine.cacheUsage()).isZero();
      assertThat(engine.submit(Prompt.unknown(1), 1)).isEmpty();
      engine.arrive(coming);
      assertThat(coming.stopped()).isNotNull();
      engine.start();
      var next = engine.submit(Prompt.unknown(1), 3).orElseThrow();
      await().until(next::finished);
    }
  }

  @Test
  void aStepThatARankIsLostInGivesNoToken() throws InterruptedException {
    var whole = new boolean[] {true};
    var group =
        new Group() {
          @Override
          public int size() {
            return 2;
          }

          @Override
          public List<Integer> missing() {
            return List.of();
          }

          @Override
          public void form() {}

          @Override
          public void begin() {}

          @Override
          public boolean end() {
            return whole[0];
          }

          @Override
          public void dissolve(String why) {}

          @Override
          public void close() {}
        };
    var engine =
        new Engine(SMALL, 1, metrics, new VirtualClock(), group, new Faults(() -> 0, QUIET));
    var generation = engine.submit(Prompt.unknown(1), 5).orElseThrow();
    engine.step();
    whole[0] = false;
    engine.step();
    assertThat(generation.produced()).isEqualTo(1);
  }

  @Test
  void dropsWhatNobodyWants() throws InterruptedException {
    try (var engine = engine(SMALL, MachineClock.SYSTEM)) {
      engine.start();
      var endless = engine.submit(Prompt.unknown(1), 1_000_000).orElseThrow();
      endless.await(0, Duration.ofSeconds(10));
      endless.cancel();
      await().until(() -> engine.running() == 0);
      assertThat(engine.cacheUsage()).isZero();
    }
  }

  private static Fault fault(Failure failure, long millis, double factor) {
    return new Fault(failure.word(), failure, Duration.ofMillis(millis), factor, 5);
  }

  @Test
  void aStuckEngineGivesNothingAndMakesUpForNothing() throws InterruptedException {
    var clock = new VirtualClock();
    var faults = new Faults(clock::now, QUIET);
    var engine = new Engine(SMALL, 1, metrics, clock, Group.ALONE, faults);
    var generation = engine.submit(Prompt.unknown(1), 12).orElseThrow();
    while (generation.produced() < 2) {
      engine.step();
    }
    var before = clock.now();
    faults.put(fault(Failure.STUCK_DECODE, 5_000, 1));
    var times = times(engine, generation, clock);
    var stuck = times.get(2) - before / 1e6;
    assertThat(stuck).isBetween(5_000.0, 5_030.0);
    assertThat(times.getLast() - times.get(2)).as("nine steps").isCloseTo(90, offset(0.001));
  }

  @Test
  void eachStepOfASlowEngineTakesSoManyTimesAsLong() throws InterruptedException {
    var clock = new VirtualClock();
    var faults = new Faults(clock::now, QUIET);
    var engine = new Engine(SMALL, 1, metrics, clock, Group.ALONE, faults);
    faults.put(fault(Failure.SLOW_DECODE, 60_000, 8));
    var generation = engine.submit(Prompt.unknown(10), 11).orElseThrow();
    times(engine, generation, clock);
    assertThat(generation.firstTokenSeconds()).as("reading, too").isEqualTo(8 * 0.020);
    assertThat(generation.decodeSeconds()).isEqualTo(8 * 0.1);
  }

  @Test
  void aStepIsSlowNoLongerThanTheFaultLasts() throws InterruptedException {
    var clock = new VirtualClock();
    var faults = new Faults(clock::now, QUIET);
    var engine = new Engine(SMALL, 1, metrics, clock, Group.ALONE, faults);
    faults.put(fault(Failure.SLOW_DECODE, 1_000, 1_000)); // a step would take 20 s
    var generation = engine.submit(Prompt.unknown(10), 11).orElseThrow();
    times(engine, generation, clock);
    assertThat(generation.firstTokenSeconds()).isBetween(1.0, 1.05);
    assertThat(generation.decodeSeconds()).isCloseTo(0.1, offset(0.001));
  }
}
