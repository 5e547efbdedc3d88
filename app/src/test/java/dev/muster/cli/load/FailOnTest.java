package dev.muster.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.load.LoadTotals;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.verdict.finding.Status;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class FailOnTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  /** First token after n ms, ended after n times 10 ms; those after the good ones have none. */
  private static LoadTotals account(int good, int bad) {
    var account = new LoadTotals();
    for (int n = 1; n <= good + bad; n++) {
      var first = n <= good ? AT.plusMillis(n) : null;
      var end = AT.plusMillis(10L * n);
      var outcome = n <= good ? Outcome.COMPLETE : Outcome.TIMED_OUT;
      account.add(
          new Request(
              "r" + n,
              true,
              AT,
              AT,
              first,
              null,
              first,
              first,
              end,
              5,
              n,
              List.of(),
              1,
              0,
              n <= good ? 200 : 0,
              outcome,
              null,
              null));
    }
    return account;
  }

  private static Status status(String bound, int good, int bad) {
    return FailOn.of(bound).judge(account(good, bad)).status();
  }

  @Test
  void aBoundHoldsOrNot() {
    assertThat(status("errors>1%", 990, 10)).isEqualTo(Status.PASS);
    assertThat(status("errors >= 1%", 990, 10)).isEqualTo(Status.FAIL);
    assertThat(status("errors>1%", 989, 11)).isEqualTo(Status.FAIL);
    assertThat(status("lost>0%", 999, 1)).isEqualTo(Status.FAIL);
    assertThat(status("ttft.p90>901ms", 1000, 0)).isEqualTo(Status.PASS);
    assertThat(status("ttft.p90>899ms", 1000, 0)).isEqualTo(Status.FAIL);
    assertThat(status("gap.p50<1s", 1000, 0)).isEqualTo(Status.FAIL);
    assertThat(status("tokens<1000/s", 1000, 0)).isEqualTo(Status.FAIL);
    assertThat(status("tokens<400/s", 1000, 0)).isEqualTo(Status.PASS);
  }

  /** Else a service that loses its slow answers would be a fast one. */
  @Test
  void whatWasNotAnsweredIsBeyondAnyBound() {
    var judged = FailOn.of("ttft.p99>1h").judge(account(900, 100));
    assertThat(judged.status()).isEqualTo(Status.FAIL);
    assertThat(judged.line()).isEqualTo("ttft.p99>1h: not so many were answered");
  }

  @Test
  void fewRequestsCanBreakABoundAndNotKeepIt() {
    assertThat(status("errors>1%", 99, 0)).isEqualTo(Status.INCONCLUSIVE);
    assertThat(status("errors>1%", 100, 0)).isEqualTo(Status.PASS);
    assertThat(status("errors>1%", 5, 5)).isEqualTo(Status.FAIL);
    assertThat(status("ttft.p999>1h", 999, 0)).isEqualTo(Status.INCONCLUSIVE);
    assertThat(status("ttft.p999>1h", 1000, 0)).isEqualTo(Status.PASS);
    assertThat(status("ttft.p99>1h", 0, 0)).isEqualTo(Status.INCONCLUSIVE);
    assertThat(status("errors>0%", 0, 0)).isEqualTo(Status.INCONCLUSIVE);
    assertThat(FailOn.of("errors>1%").judge(account(50, 0)).line())
        .isEqualTo("errors>1%: 0.00 %, of 50 requests; it takes 100 to tell");
  }

  @Test
  void anotherFormIsRefusedInWords() {
    for (var text : List.of("errors", "errors>1", "ttft>1s", "ttft.p98>1s", "ttft.p99>1", "x>1%")) {
      assertThatThrownBy(() -> FailOn.of(text))
          .as(text)
          .isInstanceOf(TypeConversionException.class)
          .hasMessageContaining("such as 'errors>1%'")
          .hasMessageContaining(text);
    }
  }
}
