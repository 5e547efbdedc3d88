package dev.muster.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.time.RealTime;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthTest {
  private final Abort abort = new Abort(RealTime.TIME);

  /** A load that gets nothing but 404. */
  private static final class TurnedDown implements Ports.Load {
    @Override
    public void start() {
      // it has begun
    }

    @Override
    public String line() {
      return "";
    }

    @Override
    public double errorRatio(Duration last) {
      return 1;
    }

    @Override
    public Optional<Ports.Failed> failed(Duration last) {
      return Optional.of(new Ports.Failed("all with HTTP 404", true));
    }

    @Override
    public void stop(Duration atMost) {
      // it ends with the test
    }

    @Override
    public void close() {
      // nothing is open
    }
  }

  private Health health(boolean installed, Duration atMost) {
    return new Health(
        new TurnedDown(),
        new Waiting(abort, RealTime.TIME),
        new DrillRun.Pace(Duration.ZERO, atMost, Duration.ZERO),
        installed);
  }

  @Test
  void whatTurnsEveryRequestDownIsNotWaitedFor() throws InterruptedException {
    long began = System.nanoTime();
    assertThat(health(false, Duration.ofSeconds(30)).settles()).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
    assertThat(abort.reason())
        .isEqualTo("100 % of the requests failed before the fault, all with HTTP 404");
  }

  /** An ingress answers 404 until it knows the way. */
  @Test
  void theWayToAServiceThatWasJustInstalledIsWaitedFor() throws InterruptedException {
    long began = System.nanoTime();
    assertThat(health(true, Duration.ofMillis(300)).settles()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isGreaterThanOrEqualTo(Duration.ofMillis(300));
    assertThat(abort.reason()).isNull();
  }
}
