package dev.muster.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.load.stats.Failure;
import dev.muster.load.stats.FailureTest;
import dev.muster.timeline.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RecentTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  private final AtomicReference<Instant> now = new AtomicReference<>(AT);
  private final Recent recent = new Recent(now::get);

  private void ended(int count, Outcome outcome) {
    for (int n = 0; n < count; n++) {
      recent.scheduled();
      recent.finished(FailureTest.row(outcome, 200, null));
    }
  }

  @Test
  void withoutALossTheLineTellsNoWindow() {
    ended(10, Outcome.COMPLETE);
    assertThat(recent.line()).startsWith("2.0/s ok 100% lost 0 p99 TTFT ").endsWith(" active 0");
  }

  /** Else all is well and yet losses grow, for both stand beside one another. */
  @Test
  void successAndLossesAreOfTheSameSeconds() {
    ended(9, Outcome.TRUNCATED);
    now.set(AT.plusSeconds(20));
    ended(38, Outcome.COMPLETE);
    ended(2, Outcome.TRUNCATED);
    assertThat(recent.line()).startsWith("8.0/s ok 95% lost 2 in 5s (11 in all) ");
    now.set(AT.plusSeconds(30));
    ended(5, Outcome.COMPLETE);
    assertThat(recent.line()).startsWith("1.0/s ok 100% lost 0 in 5s (11 in all) ");
  }

  /** Behind "inject 00:11/00:20 " on a terminal of 60 columns. */
  @Test
  void successAndLossesFitANarrowTerminal() {
    ended(4, Outcome.COMPLETE);
    ended(96, Outcome.TRUNCATED);
    String line = recent.line();
    assertThat(line).startsWith("20.0/s ok 4% lost 96 in 5s (96 in all) ");
    assertThat(line.indexOf(" p99")).isLessThan(60 - "inject 00:11/00:20  ".length());
  }

  @Test
  void onlyWhatFailedInTheTimeAskedForIsTold() {
    ended(7, Outcome.TIMED_OUT);
    now.set(AT.plusSeconds(20));
    ended(2, Outcome.TRUNCATED);
    ended(1, Outcome.COMPLETE);
    assertThat(recent.failure(Duration.ofSeconds(10)))
        .contains(new Failure(Outcome.TRUNCATED, 200, 2, 3, ""));
    assertThat(recent.failure(Duration.ofSeconds(30)))
        .contains(new Failure(Outcome.TIMED_OUT, 200, 7, 10, ""));
  }
}
