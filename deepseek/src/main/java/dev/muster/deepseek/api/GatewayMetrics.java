package dev.muster.deepseek.api;

import dev.muster.deepseek.wire.Metrics;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/** The gateway's series. Those of a request count once per request of a client. */
final class GatewayMetrics {
  /** With 2.0, which service levels like to ask for. */
  private static final double[] FIRST_TOKEN = {
    .01, .025, .05, .1, .25, .5, .75, 1, 1.5, 2, 3, 5, 7.5, 10, 20, 40, 80, 160, 600
  };

  private static final double[] WHOLE = {
    .1, .25, .5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 60, 120, 300, 600
  };

  private final Metrics metrics = new Metrics();
  private final Metrics.Histogram firstToken =
      metrics.histogram(
          "deepseek_api_time_to_first_token_seconds",
          "From a request to its first token.",
          FIRST_TOKEN);
  private final Metrics.Histogram whole =
      metrics.histogram(
          "deepseek_api_request_duration_seconds", "From a request to its end.", WHOLE);

  GatewayMetrics() {
    for (var outcome : Outcome.values()) {
      requests(outcome).add(0);
    }
    for (var reason : Failure.values()) {
      failures(reason).add(0);
    }
    for (var result : UsageRecords.Result.values()) {
      usage(result).add(0);
    }
    retries().add(0);
    budget().add(0);
  }

  void gauges(
      DoubleSupplier inFlight,
      DoubleSupplier workers,
      DoubleSupplier ejected,
      DoubleSupplier unwritten,
      DoubleSupplier etcd) {
    metrics.gauge("deepseek_api_requests_in_flight", "Requests under way.", inFlight);
    metrics.gauge("deepseek_api_workers", "Workers known from etcd.", workers);
    metrics.gauge("deepseek_api_workers_ejected", "Workers left alone after failures.", ejected);
    metrics.gauge("deepseek_api_usage_records_unwritten", "Delayed usage records.", unwritten);
    metrics.gauge("deepseek_api_etcd_up", "1 while etcd answers, 0 else.", etcd);
  }

  void finished(Outcome outcome, double seconds) {
    requests(outcome).increment();
    whole.observe(seconds);
  }

  void firstToken(double seconds) {
    firstToken.observe(seconds);
  }

  void failed(Failure reason) {
    failures(reason).increment();
  }

  void retried() {
    retries().increment();
  }

  void budgetSpent() {
    budget().increment();
  }

  void usageRecord(UsageRecords.Result result) {
    usage(result).increment();
  }

  String text() {
    return metrics.text();
  }

  private Metrics.Counter requests(Outcome outcome) {
    return metrics.counter(
        "deepseek_api_requests_total", "Requests by outcome.", "outcome", outcome.label());
  }

  private Metrics.Counter failures(Failure reason) {
    return metrics.counter(
        "deepseek_api_worker_failures_total",
        "Attempts that a worker failed.",
        "reason",
        reason.label());
  }

  private Metrics.Counter retries() {
    return metrics.counter("deepseek_api_retries_total", "Attempts after the first.");
  }

  private Metrics.Counter budget() {
    return metrics.counter(
        "deepseek_api_retry_budget_exhausted_total", "Retries not made for want of budget.");
  }

  private Metrics.Counter usage(UsageRecords.Result result) {
    return metrics.counter(
        "deepseek_api_usage_records_total",
        "Usage records by how they fared.",
        "result",
        result.name().toLowerCase(Locale.ROOT));
  }
}
