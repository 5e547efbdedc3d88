package dev.muster.deepseek.prefill;

import dev.muster.deepseek.wire.Metrics;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import java.util.function.DoubleSupplier;

/** What a decode worker tells of the prompts that others read for it. */
final class HandOverMetrics {
  private static final double[] SECONDS = {
    .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 25
  };

  private final CounterDataPoint received;
  private final CounterDataPoint local;
  private final CounterDataPoint failures;
  private final CounterDataPoint bytes;
  private final DistributionDataPoint handOver;
  private final DistributionDataPoint whole;

  HandOverMetrics(Metrics metrics, DoubleSupplier known) {
    var prompts = "deepseek_worker_prefills_total";
    var help = "Prompts by who read them: a prefill worker, or the decode worker itself.";
    received = metrics.counter(prompts, help, "by", "prefill_worker");
    local = metrics.counter(prompts, help, "by", "itself");
    failures =
        metrics.counter(
            "deepseek_worker_prefill_failures_total", "Attempts at prefill workers that failed.");
    bytes =
        metrics.counter("deepseek_worker_kv_handover_bytes_total", "KV cache that was received.");
    handOver =
        metrics.histogram(
            "deepseek_worker_kv_handover_seconds",
            "From a prompt that is read to one that is handed over, waiting for the link included.",
            SECONDS);
    whole =
        metrics.histogram(
            "deepseek_worker_remote_prefill_seconds",
            "From the request to a prompt that is handed over, failed attempts included.",
            SECONDS);
    metrics.gauge("deepseek_worker_prefill_workers", "Prefill workers that are known.", known);
  }

  void received(long size, HandedOver done, long nanos) {
    received.inc();
    bytes.inc(size);
    handOver.observe(done.handOverNanos() / 1e9);
    whole.observe(nanos / 1e9);
  }

  void local() {
    local.inc();
  }

  void failed() {
    failures.inc();
  }
}
