package dev.muster.deepseek.wire;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/**
 * Metrics in Prometheus' text format.
 *
 * <p>Why not the Prometheus client: it refuses {@code vllm:iteration_tokens_total}, a histogram
 * whose name ends as a counter's, and vLLM's names must be exact here. Safe for use by several
 * threads; a family is made once and its series on first use.
 */
public final class Metrics {
  private final Map<String, Family> families = new ConcurrentSkipListMap<>();

  /** One line or, of a histogram, several. */
  interface Series {
    void write(StringBuilder out, String name, String labels);
  }

  private record Family(String type, String help, Map<String, Series> series) {}

  /** Only rises. */
  public static final class Counter implements Series {
    private final LongAdder value = new LongAdder();

    public void add(long amount) {
      value.add(amount);
    }

    public void increment() {
      value.increment();
    }

    public long value() {
      return value.sum();
    }

    @Override
    public void write(StringBuilder out, String name, String labels) {
      line(out, name, labels, (double) value.sum());
    }
  }

  private record Gauge(DoubleSupplier value) implements Series {
    @Override
    public void write(StringBuilder out, String name, String labels) {
      line(out, name, labels, value.getAsDouble());
    }
  }

  /** Counts values in buckets. */
  public static final class Histogram implements Series {
    private final double[] bounds;
    private final LongAdder[] counts;
    private final DoubleAdder sum = new DoubleAdder();

    private Histogram(double... bounds) {
      this.bounds = bounds.clone();
      counts = new LongAdder[bounds.length + 1];
      for (int i = 0; i < counts.length; i++) {
        counts[i] = new LongAdder();
      }
    }

    public void observe(double value) {
      int i = 0;
      while (i < bounds.length && value > bounds[i]) {
        i++;
      }
      counts[i].increment();
      sum.add(value);
    }

    @Override
    public void write(StringBuilder out, String name, String labels) {
      var inner = labels.isEmpty() ? "" : labels.substring(1, labels.length() - 1) + ",";
      long total = 0;
      for (int i = 0; i < counts.length; i++) {
        total += counts[i].sum();
        var le = i < bounds.length ? Double.toString(bounds[i]) : "+Inf";
        line(out, name + "_bucket", "{" + inner + "le=\"" + le + "\"}", (double) total);
      }
      line(out, name + "_sum", labels, sum.sum());
      line(out, name + "_count", labels, (double) total);
    }
  }

  /**
   * @param labels names and values in turn
   */
  public Counter counter(String name, String help, String... labels) {
    return (Counter)
        family(name, "counter", help).computeIfAbsent(labels(labels), _ -> new Counter());
  }

  /**
   * @param value asked at every scrape
   * @param labels names and values in turn
   */
  public void gauge(String name, String help, DoubleSupplier value, String... labels) {
    family(name, "gauge", help).put(labels(labels), new Gauge(value));
  }

  /**
   * @param bounds upper bounds of the buckets, rising, without infinity
   * @param labels names and values in turn
   */
  public Histogram histogram(String name, String help, double[] bounds, String... labels) {
    return (Histogram)
        family(name, "histogram", help).computeIfAbsent(labels(labels), _ -> new Histogram(bounds));
  }

  /** Everything, in the text exposition format 0.0.4. */
  public String text() {
    var out = new StringBuilder(8192);
    families.forEach((name, family) -> {
      out.append("# HELP ").append(name).append(' ').append(family.help()).append('\n');
      out.append("# TYPE ").append(name).append(' ').append(family.type()).append('\n');
      new TreeMap<>(family.series()).forEach((labels, series) -> series.write(out, name, labels));
    });
    return out.toString();
  }

  private Map<String, Series> family(String name, String type, String help) {
    return families
        .computeIfAbsent(name, _ -> new Family(type, help, new ConcurrentHashMap<>()))
        .series();
  }

  private static String labels(String... pairs) {
    if (pairs.length == 0) {
      return "";
    }
    var out = new StringBuilder("{");
    for (int i = 0; i + 1 < pairs.length; i += 2) {
      var value = pairs[i + 1].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
      out.append(i == 0 ? "" : ",").append(pairs[i]).append("=\"").append(value).append('"');
    }
    return out.append('}').toString();
  }

  private static void line(StringBuilder out, String name, String labels, double value) {
    out.append(name).append(labels).append(' ');
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      out.append((long) value);
    } else {
      out.append(value);
    }
    out.append('\n');
  }
}
