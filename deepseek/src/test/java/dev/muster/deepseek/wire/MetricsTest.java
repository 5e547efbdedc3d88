package dev.muster.deepseek.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void writesTheTextFormat() {
    var metrics = new Metrics();
    metrics.counter("c_total", "Counts.", "why", "a\"b").inc(2);
    metrics.gauge("g", "Is.", () -> 0.5);
    var histogram = metrics.histogram("h", "Spreads.", new double[] {.1, 1}, "x", "y");
    histogram.observe(.1);
    histogram.observe(.5);
    histogram.observe(7);
    assertThat(metrics.text())
        .isEqualTo(
            """
            # HELP c_total Counts.
            # TYPE c_total counter
            c_total{why="a\\"b"} 2.0
            # HELP g Is.
            # TYPE g gauge
            g 0.5
            # HELP h Spreads.
            # TYPE h histogram
            h_bucket{x="y",le="0.1"} 1
            h_bucket{x="y",le="1.0"} 2
            h_bucket{x="y",le="+Inf"} 3
            h_count{x="y"} 3
            h_sum{x="y"} 7.6
            """);
  }

  /** A histogram whose name ends as a counter's. */
  @Test
  void takesTheNamesOfVllm() {
    var metrics = new Metrics();
    metrics
        .histogram("vllm:iteration_tokens_total", "Steps.", new double[] {1}, "engine", "0")
        .observe(1);
    assertThat(metrics.text())
        .contains(
            """
            # TYPE vllm:iteration_tokens_total histogram
            vllm:iteration_tokens_total_bucket{engine="0",le="1.0"} 1
            """);
  }
}
