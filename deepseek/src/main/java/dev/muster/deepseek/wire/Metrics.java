package dev.muster.deepseek.wire;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/**
 * The metrics of one process: a family is made once, its series on first use. Safe for use by
 * several threads.
 */
public final class Metrics {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PrometheusTextFormatWriter format = PrometheusTextFormatWriter.create();
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();
  private final Map<String, Histogram> histograms = new ConcurrentHashMap<>();

  /**
   * @param labels names and values in turn
   */
  public CounterDataPoint counter(String name, String help, String... labels) {
    return counters
        .computeIfAbsent(
            name,
            _ ->
                Counter.builder()
                    .name(name)
                    .help(help)
                    .labelNames(every(0, labels))
                    .withoutExemplars()
                    .register(registry))
        .labelValues(every(1, labels));
  }

  /**
   * @param value asked at every scrape
   * @param labels names and values in turn; of a name there is one series
   */
  public void gauge(String name, String help, DoubleSupplier value, String... labels) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(every(0, labels))
        .callback(now -> now.call(value.getAsDouble(), every(1, labels)))
        .register(registry);
  }

  /**
   * @param value asked at every scrape; only rises
   */
  public void counter(String name, String help, DoubleSupplier value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(now -> now.call(value.getAsDouble()))
        .register(registry);
  }

  /**
   * @param bounds upper bounds of the buckets, rising, without infinity
   * @param labels names and values in turn
   */
  public DistributionDataPoint histogram(
      String name, String help, double[] bounds, String... labels) {
    return histograms
        .computeIfAbsent(
            name,
            _ ->
                Histogram.builder()
                    .name(name)
                    .help(help)
                    .labelNames(every(0, labels))
                    .classicOnly() // native ones have no text
                    .classicUpperBounds(bounds)
                    .withoutExemplars()
                    .register(registry))
        .labelValues(every(1, labels));
  }

  /** Everything, in the text exposition format 0.0.4. */
  public String text() {
    var out = new ByteArrayOutputStream(8192);
    try {
      format.write(out, registry.scrape(), EscapingScheme.ALLOW_UTF8);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes whatever is written", e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String[] every(int first, String... pairs) {
    var every = new String[pairs.length / 2];
    for (int i = 0; i < every.length; i++) {
      every[i] = pairs[2 * i + first];
    }
    return every;
  }
}
