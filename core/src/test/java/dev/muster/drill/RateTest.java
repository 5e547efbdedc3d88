package dev.muster.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.muster.drill.Rate.Stretch;
import dev.muster.drill.file.DrillException;
import dev.muster.drill.file.DrillFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RateTest {
  private static Arrivals arrivals(String arrivals) {
    var text =
        """
        apiVersion: muster.dev/v1
        kind: Drill
        metadata: {name: d}
        target: {namespace: n, endpoint: "https://llm.example.com/v1"}
        load: {arrivals: {%s}}
        faults: [{kind: PodKill}]
        expect: {residue: none}
        """
            .formatted(arrivals);
    return Objects.requireNonNull(DrillFile.parse(text, "d.yaml").load()).arrivals();
  }

  @Test
  void aRampAndStepsAreRead() {
    assertThat(arrivals("poisson: {from: 0/s, to: 8/s, over: 2m}"))
        .isEqualTo(
            new Arrivals.Paced(
                Arrivals.Pattern.POISSON,
                new Rate(List.of(new Stretch(0, 8, Duration.ofMinutes(2))), 8)));
    assertThat(arrivals("constant: [{rate: 5/s, for: 1m}, {rate: 20/s, for: 30s}]"))
        .isEqualTo(
            new Arrivals.Paced(
                Arrivals.Pattern.CONSTANT,
                new Rate(
                    List.of(
                        new Stretch(5, 5, Duration.ofMinutes(1)),
                        new Stretch(20, 20, Duration.ofSeconds(30))),
                    20)));
    assertThat(arrivals("trace: {file: a.jsonl, unit: ms}"))
        .isEqualTo(new Arrivals.Trace("a.jsonl", null, Arrivals.Unit.MS));
  }

  @Test
  void whatCanNotBeSentIsRefusedAtItsPlace() {
    refused("poisson: {from: 1/s, to: 0/s, over: 1m}", "d.yaml:5:44: a rate must be above 0/s");
    refused("poisson: {from: 1/s, to: 20000/s, over: 1m}", "at most 10000/s");
    refused("poisson: {from: 1/s, to: 2/s, over: 0s}", "must last for at least 1s");
    refused("poisson: {from: 1/s, to: 2/s}", "lacks \"over\"");
    refused("constant: [{rate: 0/s, for: 1m}]", "d.yaml:5:37: a rate must be above 0/s");
    refused("constant: [{rate: 1/s}]", "lacks \"for\"");
    refused("constant: []", "must not be empty");
    refused("poisson: {from: 0/s, to: 1/s, over: 10m}", "not one request is sent");
    refused("trace: {unit: ms}", "lacks \"file\"");
  }

  /** A closed loop asks less of a slow service: what it did not ask for, no check can miss. */
  @Test
  void aClosedLoopIsRefusedInWords() {
    refused("concurrency: 8", "closed loop");
  }

  private static void refused(String arrivals, String why) {
    assertThatThrownBy(() -> arrivals(arrivals))
        .isInstanceOf(DrillException.class)
        .hasMessageContaining(why);
  }

  @Test
  void afterIsUntilTheOtherWayRound() {
    long seed = RandomGenerator.getDefault().nextLong();
    var random = new SplittableRandom(seed);
    for (int n = 0; n < 200; n++) {
      var stretches = new ArrayList<Stretch>();
      for (int i = random.nextInt(4); i > 0; i--) {
        stretches.add(
            new Stretch(
                random.nextDouble(0, 100),
                random.nextDouble(0.1, 100),
                Duration.ofMillis(random.nextLong(1000, 100_000))));
      }
      var rate = new Rate(stretches, random.nextDouble(0.1, 100));
      double seconds = random.nextDouble(0, 400);
      assertThat(rate.after(rate.until(seconds)))
          .as("seed %d: %s at %f", seed, rate, seconds)
          .isCloseTo(seconds, within(1e-6));
    }
    assertThat(Rate.steady(4).until(-3)).isZero();
  }

  @Test
  void aRateThatIsNoneIsRefused() {
    for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> Rate.steady(rate)).hasMessageContaining("load.arrivals");
    }
  }
}
