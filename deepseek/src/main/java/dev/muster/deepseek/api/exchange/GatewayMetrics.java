package dev.muster.deepseek.api.exchange;

import dev.muster.deepseek.api.upstream.Failure;
import dev.muster.deepseek.wire.Metrics;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/** The gateway's series. Those of a request count once per request of a client. */
public final class GatewayMetrics {
  /** With 2.0, which service levels like to ask for. */
  private static final double[] FIRST_TOKEN = {
    .01, .025, .05, .1, .25, .5, .75, 1, 1.5, 2, 3, 5, 7.5, 10, 20, 40, 80, 160, 600
  };

  private static final double[] RESUMED = {.1, .25, .5, 1, 1.5, 2, 3, 5, 10};

  private static final double[] WHOLE = {
    .1, .25, .5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 60, 120, 300, 600
  };

  private final Metrics metrics = new Metrics();
  private final DistributionDataPoint firstToken =
      metrics.histogram(
          "deepseek_api_time_to_first_token_seconds",
          "From a request to its first token.",
          FIRST_TOKEN);
  private final DistributionDataPoint whole =
      metrics.histogram(
          "deepseek_api_request_duration_seconds", "From a request to its end.", WHOLE);

  private final DistributionDataPoint resumed =
      metrics.histogram(
          "deepseek_api_resume_seconds",
          "From the loss of a worker in the middle of an answer to the next token.",
          RESUMED);

  public GatewayMetrics() {
    for (var outcome : Outcome.values()) {
      requests(outcome).inc(0);
    }
    for (var reason : Failure.values()) {
      failures(reason).inc(0);
    }
    for (var result : UsageRecords.Result.values()) {
      usage(result).inc(0);
    }
    retries().inc(0);
    budget().inc(0);
    truncations("in_band").inc(0);
    truncations("cut").inc(0);
  }

  public void gauges(
      DoubleSupplier inFlight,
      DoubleSupplier queued,
      DoubleSupplier workers,
      DoubleSupplier ejected,
      DoubleSupplier ejections,
      DoubleSupplier unwritten,
      DoubleSupplier etcd) {
    metrics.gauge("deepseek_api_requests_in_flight", "Requests under way.", inFlight);
    metrics.gauge(
        "deepseek_api_requests_queued", "Requests that wait for a worker with room.", queued);
    metrics.gauge("deepseek_api_workers", "Workers known from etcd.", workers);
    metrics.gauge("deepseek_api_workers_ejected", "Workers left alone after failures.", ejected);
    metrics.counter(
        "deepseek_api_worker_ejections_total",
        "How often a worker began to be left alone.",
        ejections);
    metrics.gauge("deepseek_api_usage_records_unwritten", "Delayed usage records.", unwritten);
    metrics.gauge("deepseek_api_etcd_up", "1 while etcd answers, 0 else.", etcd);
  }

  public void finished(Outcome outcome, double seconds) {
    requests(outcome).inc();
    whole.observe(seconds);
  }

  void firstToken(double seconds) {
    firstToken.observe(seconds);
  }

  /**
   * @param seconds from the loss to the next token
   */
  void resumed(double seconds) {
    resumed.observe(seconds);
  }

  /** The client got a part of its answer and then nobody went on with it. */
  void truncated(boolean told) {
    truncations(told ? "in_band" : "cut").inc();
  }

  void failed(Failure reason) {
    failures(reason).inc();
  }

  void retried() {
    retries().inc();
  }

  void budgetSpent() {
    budget().inc();
  }

  void usageRecord(UsageRecords.Result result) {
    usage(result).inc();
  }

  public String text() {
    return metrics.text();
  }

  private CounterDataPoint requests(Outcome outcome) {
    return metrics.counter(
        "deepseek_api_requests_total", "Requests by outcome.", "outcome", outcome.label());
  }

  private CounterDataPoint truncations(String end) {
    return metrics.counter(
        "deepseek_api_truncations_total",
        "Answers that ended before their end, told in the stream or cut.",
        "end",
        end);
  }

  private CounterDataPoint failures(Failure reason) {
    return metrics.counter(
        "deepseek_api_worker_failures_total",
        "Attempts that a worker failed.",
        "reason",
        reason.label());
  }

  private CounterDataPoint retries() {
    return metrics.counter("deepseek_api_retries_total", "Attempts after the first.");
  }

  private CounterDataPoint budget() {
    return metrics.counter(
        "deepseek_api_retry_budget_exhausted_total", "Retries not made for want of budget.");
  }

  private CounterDataPoint usage(UsageRecords.Result result) {
    return metrics.counter(
        "deepseek_api_usage_records_total",
        "Usage records by how they fared.",
        "result",
        result.name().toLowerCase(Locale.ROOT));
  }
}
