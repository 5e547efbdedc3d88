package dev.muster.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Outcome;
import dev.muster.verdict.finding.Status;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** However a service does, more harm to its clients never makes the verdict better. */
class HarmTest {
  private static final List<Outcome> HARM =
      List.of(
          Outcome.TRUNCATED,
          Outcome.TIMED_OUT,
          Outcome.CONNECTION_FAILED,
          Outcome.REJECTED,
          Outcome.IN_BAND_ERROR);

  private static final List<String> EXPECTATIONS =
      List.of(
          "interruption: {max: 3s}",
          "interruption: {max: 200ms}",
          "availability: {min: 98%}",
          "availability: {min: 99.95%}",
          "lostRequests: {max: 20}",
          "recovered: {within: 100s}",
          "latency: {ttft: {p50: 1s, p99: 2s}}",
          "latency: {gap: {max: 1s}}",
          "residue: none");

  @Test
  void moreHarmIsNeverBetter() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    var random = new Random(seed);
    for (int round = 0; round < 150; round++) {
      var story = Story.healed().expecting(EXPECTATIONS.get(random.nextInt(EXPECTATIONS.size())));
      if (random.nextBoolean()) {
        story.arriving("constant: 1/s").every(1, -20, 150, Outcome.COMPLETE);
      }
      var before = Status.PASS;
      for (int i = 0; i < 4; i++) {
        harm(story, random);
        var after = Verdict.of(story.history()).status();
        assertThat(after).as("seed %d, round %d", seed, round).isGreaterThanOrEqualTo(before);
        before = after;
      }
    }
  }

  private static void harm(Story story, Random random) {
    double from = random.nextInt(1500) / 10.0;
    double to = from + Math.pow(10, random.nextDouble() * 2.5 - 1);
    switch (random.nextInt(3)) {
      case 0 -> story.failing(from, to, HARM.get(random.nextInt(HARM.size())));
      case 1 -> story.slow(from, to, 0.5 + random.nextInt(60));
      default -> story.empty(from, to);
    }
  }
}
