package dev.muster.verdict.check.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Outcome;
import dev.muster.verdict.Story;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.Sample;
import dev.muster.verdict.finding.Status;
import org.junit.jupiter.api.Test;

/** 1400 requests from the fault on, whose first token came at once. */
class LatencyCheckTest {

  @Test
  void aBrownoutIsTimeThatClientsWait() {
    var story = Story.healed().slow(-20, -0.1, 0.4).slow(5, 11.6, 5.4).expecting(ttft("p99: 2s"));
    var finding = story.finding("latency");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.measured()).isEqualTo(5.4);
    assertThat(finding.bound()).isEqualTo(2);
    assertThat(finding.why())
        .startsWith(
            "time to the first token, p99: 5.4 s from the fault on, 0.4 s before it; 67 of 1404"
                + " requests waited longer than 2.0 s, of which 0 got no token; ")
        .endsWith("7 of 7 s: detection, node-monitor-grace-period 50s (kube-controller-manager)");
    assertThat(finding.sample())
        .isEqualTo(new Sample(1404, 67, 0.99, Story.FAULT, Story.at(139.9)));
  }

  @Test
  void theQuantileDecidesAndEachHasItsFinding() {
    var story = Story.healed().slow(5, 6.3, 5.4).expecting(ttft("p50: 1s, p99: 2s, max: 5s"));
    assertThat(story.findings("latency"))
        .extracting(Finding::status)
        .containsExactly(Status.PASS, Status.PASS, Status.FAIL);
    story.slow(7, 7, 5.4);
    assertThat(story.findings("latency").get(1).status()).isEqualTo(Status.FAIL);
  }

  @Test
  void aServiceWhoseEveryAnswerTakesAMinuteFails() {
    var story = Story.healed().slow(-20, 139.9, 58).expecting(ttft("p50: 10s"));
    assertThat(story.finding("latency").status()).isEqualTo(Status.FAIL);
  }

  @Test
  void whoeverGotNoTokenWaitedLongerThanAnyBound() {
    var story = Story.healed().requests(5, 7, Outcome.CONNECTION_FAILED).empty(5, 7);
    story.expecting(ttft("p99: 2s"));
    assertThat(story.finding("latency").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("latency").measured()).isNull();
    assertThat(story.finding("latency").why()).contains("of which 21 got no token");
    assertThat(story.expecting(ttft("p95: 2s")).finding("latency").status()).isEqualTo(Status.PASS);
  }

  @Test
  void aStreamThatBrokeOffWasSilentUntilThen() {
    var story = Story.healed().expecting("latency: {gap: {max: 1s}}");
    assertThat(story.finding("latency").status()).isEqualTo(Status.PASS);
    story.request(50.55, 20, Outcome.TIMED_OUT);
    assertThat(story.finding("latency").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("latency").measured()).isEqualTo(20);
  }

  @Test
  void fewRequestsTellNoHighQuantile() {
    var story =
        Story.healed()
            .arriving("constant: 0.5/s")
            .every(2, -20, 150, Outcome.COMPLETE)
            .expecting(ttft("p90: 1s, p99: 1s"));
    assertThat(story.findings("latency"))
        .extracting(Finding::status)
        .containsExactly(Status.PASS, Status.INCONCLUSIVE);
    assertThat(story.findings("latency").getLast().why())
        .endsWith("but 99 % can not be told from 76 requests: it needs at least 100");
  }

  private static String ttft(String bounds) {
    return "latency: {ttft: {" + bounds + "}}";
  }
}
