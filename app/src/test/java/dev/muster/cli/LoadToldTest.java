package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.engine.ExitCode;
import dev.muster.load.Failure;
import dev.muster.load.LoadAccount;
import dev.muster.load.LoadAccount.Quantiles;
import dev.muster.load.Punctuality;
import dev.muster.timeline.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoadToldTest {
  private static final Quantiles SOME = new Quantiles(200, 1, 2, 3, 4);

  private static LoadAccount.Told account(@Nullable Double errors, double sendLag) {
    return new LoadAccount.Told(
        200,
        Map.of(Outcome.COMPLETE, 198L, Outcome.HTTP_ERROR, 2L),
        20,
        errors,
        1000,
        SOME,
        SOME,
        new Quantiles(0, 0, 0, 0, 0),
        new Quantiles(200, 0, 0, sendLag, sendLag),
        List.of(new Failure(Outcome.HTTP_ERROR, 400, 2, 200, "HTTP 400: no")));
  }

  private static ExitCode code(
      @Nullable Double errors, double sendLag, int late, @Nullable Double most) {
    var times =
        java.util.Collections.nCopies(
            late, new Punctuality.Late(Instant.EPOCH, Instant.EPOCH, Duration.ofSeconds(1)));
    return LoadTold.of(account(errors, sendLag), times, 1, most).exitCode();
  }

  @Test
  void theExitCodeSaysWhetherTooManyFailedAndWhetherThatIsKnown() {
    assertThat(code(0.01, 1, 0, null)).isEqualTo(ExitCode.PASS);
    assertThat(code(0.01, 1, 0, 1.0)).isEqualTo(ExitCode.PASS);
    assertThat(code(0.011, 1, 0, 1.0)).isEqualTo(ExitCode.FAIL);
    assertThat(code(0.5, 1, 1, 1.0)).isEqualTo(ExitCode.INCONCLUSIVE);
    assertThat(code(0.0, 251, 0, 1.0)).isEqualTo(ExitCode.INCONCLUSIVE);
    assertThat(code(null, 1, 0, null)).isEqualTo(ExitCode.INCONCLUSIVE);
  }

  @Test
  void aPersonReadsCountsQuantilesAndReasons() {
    assertThat(LoadTold.of(account(0.01, 1), List.of(), 2.5, null).lines())
        .containsExactly(
            "200 requests in 20.0 s, 1000 tokens (50.0/s)",
            "  COMPLETE               198",
            "  HTTP_ERROR               2",
            "milliseconds               p50       p90       p99       max",
            "  first token              1.0       2.0       3.0       4.0",
            "  whole answer             1.0       2.0       3.0       4.0",
            "  longest gap                -",
            "  own send lag             0.0       0.0       1.0       1.0",
            "  own receive lag                              2.5",
            "  2 HTTP_ERROR: HTTP 400: no",
            "PASS: 1.00 % failed");
  }
}
