package dev.muster.deepseek.worker;

import dev.muster.deepseek.wire.Metrics;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import java.util.function.DoubleSupplier;

/** What vLLM exposes, under vLLM's exact names. */
final class WorkerMetrics {
  private static final double[] FIRST_TOKEN = {
    .001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640,
    2560
  };
  private static final double[] TOKEN = {
    .01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40, 80
  };
  private static final double[] REQUEST = {
    .3, .5, .8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680
  };
  private static final double[] TOKENS = {
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5
  };
  private static final double[] BATCH = {
    1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384
  };

  private final Metrics metrics = new Metrics();
  private final String[] labels;
  private final CounterDataPoint prompt;
  private final CounterDataPoint generated;
  private final CounterDataPoint rejected;
  private final CounterDataPoint preemptions;
  private final CounterDataPoint queries;
  private final CounterDataPoint hits;
  private final DistributionDataPoint steps;

  WorkerMetrics(String model) {
    labels = new String[] {"model_name", model, "engine", "0"};
    prompt = metrics.counter("vllm:prompt_tokens_total", "Prefill tokens processed.", labels);
    generated =
        metrics.counter("vllm:generation_tokens_total", "Generation tokens processed.", labels);
    rejected =
        metrics.counter(
            "vllm:admission_rejections_total", "Requests refused by a full queue.", labels);
    steps =
        metrics.histogram("vllm:iteration_tokens_total", "Tokens per engine step.", BATCH, labels);
    preemptions =
        metrics.counter("vllm:num_preemptions_total", "Preemptions by the engine.", labels);
    queries =
        metrics.counter(
            "vllm:prefix_cache_queries_total", "Prompt tokens looked up in the cache.", labels);
    hits =
        metrics.counter(
            "vllm:prefix_cache_hits_total", "Prompt tokens found in the cache.", labels);
    for (var reason : new String[] {"stop", "length", "abort"}) {
      success(reason).inc(0);
    }
  }

  void gauges(DoubleSupplier running, DoubleSupplier waiting, DoubleSupplier kvUsage) {
    metrics.gauge("vllm:num_requests_running", "Requests in the batch.", running, labels);
    metrics.gauge("vllm:num_requests_waiting", "Requests waiting.", waiting, labels);
    metrics.gauge("vllm:kv_cache_usage_perc", "KV cache usage, 0 to 1.", kvUsage, labels);
  }

  /**
   * @param made tokens of answers
   */
  void step(int prefilled, int made) {
    steps.observe(prefilled + made);
    generated.inc(made);
  }

  void preempted() {
    preemptions.inc();
  }

  /** A prompt was looked up in the prefix cache. */
  void looked(int tokens, int found) {
    queries.inc(tokens);
    hits.inc(found);
  }

  void rejected() {
    rejected.inc();
  }

  void aborted() {
    success("abort").inc();
  }

  void finished(Generation done, String reason) {
    success(reason).inc();
    prompt.inc(done.promptTokens());
    histogram("time_to_first_token_seconds", FIRST_TOKEN).observe(done.firstTokenSeconds());
    histogram("e2e_request_latency_seconds", REQUEST).observe(done.totalSeconds());
    histogram("request_queue_time_seconds", REQUEST).observe(done.queueSeconds());
    histogram("request_prefill_time_seconds", REQUEST).observe(done.prefillSeconds());
    histogram("request_decode_time_seconds", REQUEST).observe(done.decodeSeconds());
    histogram("request_inference_time_seconds", REQUEST)
        .observe(done.prefillSeconds() + done.decodeSeconds());
    histogram("request_prompt_tokens", TOKENS).observe(done.promptTokens());
    histogram("request_generation_tokens", TOKENS).observe(done.produced());
    if (done.produced() > 1) {
      var perToken = done.decodeSeconds() / (done.produced() - 1);
      histogram("request_time_per_output_token_seconds", TOKEN).observe(perToken);
    }
  }

  void gap(double seconds) {
    histogram("inter_token_latency_seconds", TOKEN).observe(seconds);
  }

  /** For those that tell more than the engine. */
  Metrics registry() {
    return metrics;
  }

  String text() {
    return metrics.text();
  }

  private CounterDataPoint success(String reason) {
    return metrics.counter(
        "vllm:request_success_total",
        "Finished requests.",
        labels[0],
        labels[1],
        labels[2],
        labels[3],
        "finished_reason",
        reason);
  }

  private DistributionDataPoint histogram(String name, double[] bounds) {
    return metrics.histogram("vllm:" + name, name.replace('_', ' ') + ".", bounds, labels);
  }
}
