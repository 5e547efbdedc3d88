package dev.muster.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.engine.home.ExitCode;
import dev.muster.load.LoadTotals;
import dev.muster.load.LoadTotals.Quantiles;
import dev.muster.load.stats.Failure;
import dev.muster.load.strain.Punctuality;
import dev.muster.timeline.Outcome;
import dev.muster.verdict.finding.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoadResultTest {
  private static final Quantiles SOME = new Quantiles(200, 1, 2, 3, 4);

  private static LoadTotals.Snapshot account(@Nullable Double errors, double sendLag) {
    return new LoadTotals.Snapshot(
        200,
        Map.of(Outcome.COMPLETE, 198L, Outcome.HTTP_ERROR, 2L),
        20,
        200,
        1,
        errors,
        1000,
        SOME,
        SOME,
        new Quantiles(0, 0, 0, 0, 0),
        new Quantiles(200, 0, 0, sendLag, sendLag),
        List.of(new Failure(Outcome.HTTP_ERROR, 400, 2, 200, "HTTP 400: no")),
        null);
  }

  private static ExitCode code(
      @Nullable Double errors, double sendLag, int late, Status... bounds) {
    var times =
        Collections.nCopies(
            late, new Punctuality.Late(Instant.EPOCH, Instant.EPOCH, Duration.ofSeconds(1)));
    var judged =
        Stream.of(bounds).map(status -> new FailOn.Judged("errors>1%", status, "much")).toList();
    return LoadResult.of(account(errors, sendLag), times, 1, judged, List.of()).exitCode();
  }

  @Test
  void theExitCodeSaysWhetherABoundIsBrokenAndWhetherThatIsKnown() {
    assertThat(code(0.01, 1, 0)).isEqualTo(ExitCode.PASS);
    assertThat(code(0.01, 1, 0, Status.PASS)).isEqualTo(ExitCode.PASS);
    assertThat(code(0.01, 1, 0, Status.PASS, Status.INCONCLUSIVE)).isEqualTo(ExitCode.INCONCLUSIVE);
    assertThat(code(0.01, 1, 0, Status.FAIL, Status.INCONCLUSIVE)).isEqualTo(ExitCode.FAIL);
    assertThat(code(0.5, 1, 1, Status.FAIL)).isEqualTo(ExitCode.INCONCLUSIVE);
    assertThat(code(0.0, 251, 0)).isEqualTo(ExitCode.INCONCLUSIVE);
    assertThat(code(null, 1, 0)).isEqualTo(ExitCode.INCONCLUSIVE);
  }

  @Test
  void eachBrokenBoundIsTold() {
    var bounds =
        List.of(
            new FailOn.Judged("errors>1%", Status.FAIL, "4.85 %"),
            new FailOn.Judged("ttft.p99>1s", Status.PASS, "900.0 ms"),
            new FailOn.Judged("gap.max>1s", Status.FAIL, "1900.0 ms"));
    assertThat(LoadResult.of(account(0.05, 1), List.of(), 1, bounds, List.of()).lines())
        .endsWith("FAIL: errors>1%: 4.85 %; gap.max>1s: 1900.0 ms");
  }

  @Test
  void aPersonReadsCountsQuantilesAndReasons() {
    assertThat(LoadResult.of(account(0.01, 1), List.of(), 2.5, List.of(), List.of()).lines())
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

  @Test
  void whatUsersHaveWithRetriesStandsBesideIt() {
    var had = account(0.01, 1);
    var felt = new LoadTotals.Users(200, 199, 0.005, 1, 4, SOME);
    var told =
        new LoadTotals.Snapshot(
            had.requests(),
            had.outcomes(),
            had.seconds(),
            had.judged(),
            had.lost(),
            had.errorRatio(),
            had.tokens(),
            had.ttft(),
            had.total(),
            had.longestGap(),
            had.sendLag(),
            had.failures(),
            felt);
    assertThat(LoadResult.of(told, List.of(), 1, List.of(), List.of()).lines())
        .contains(
            "with 4 retries 199 of 200 users had their answer, 1 lost it",
            "  until answered           1.0       2.0       3.0       4.0");
  }
}
