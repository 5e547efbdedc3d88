package dev.muster.observe.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricNamesTest {
  @Test
  void functionsLabelsTimesAndWordsAreNoMetrics() {
    assertThat(
            MetricNames.of(
                "sum by (job, node) (rate(deepseek:errors_total{code=~\"5..\"}[1m] offset 5m)) /"
                    + " ignoring(a) group_left (b) sum without (x) (vllm:requests_total) > bool"
                    + " 0.05e3 unless on (pod) absent(up{job='a b'}) or vector(1) == Inf"))
        .containsExactly("deepseek:errors_total", "vllm:requests_total", "up");
  }

  @Test
  void aBareNameIsOne() {
    assertThat(MetricNames.of("kube_node_status_condition == 0"))
        .containsExactly("kube_node_status_condition");
    assertThat(MetricNames.of("1 > 0")).isEmpty();
  }
}
