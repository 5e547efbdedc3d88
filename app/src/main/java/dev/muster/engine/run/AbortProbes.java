package dev.muster.engine.run;

import dev.muster.drill.AbortRule;
import dev.muster.drill.abort.Alert;
import dev.muster.drill.abort.Command;
import dev.muster.drill.abort.Comparison;
import dev.muster.drill.abort.ErrorRatio;
import dev.muster.drill.abort.Http;
import dev.muster.drill.abort.Promql;
import dev.muster.observe.ObservationException;
import dev.muster.observe.metrics.Prometheus;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One look at what an abort rule is about. */
public final class AbortProbes implements AutoCloseable {
  private static final Duration PROBE = Duration.ofSeconds(2);

  private final Ports.Load load;
  private final Optional<Prometheus> prometheus;
  private @Nullable HttpClient http;

  /**
   * @param prometheus empty where the drill names none
   */
  public AbortProbes(Ports.Load load, Optional<Prometheus> prometheus) {
    this.load = load;
    this.prometheus = prometheus;
  }

  /** What speaks for an abort, in words; null where nothing does or it cannot be known. */
  @Nullable String look(AbortRule rule) throws InterruptedException {
    return switch (rule.probe()) {
      case ErrorRatio ratio -> {
        double measured = load.errorRatio(rule.lasting());
        yield ratio.comparison().holds(measured)
            ? "error-ratio was " + words(measured, ratio.comparison())
            : null;
      }
      case Http probe -> http(probe);
      case Command command -> command(command);
      case Promql promql -> promql(promql);
      case Alert alert -> alert(alert);
    };
  }

  private static String words(double measured, Comparison comparison) {
    return String.format(
        Locale.ROOT, "%.2f %s %s", measured, comparison.criteria(), comparison.value());
  }

  /** A Prometheus that cannot be asked ends no drill: the report says that it was not observed. */
  private @Nullable String promql(Promql promql) {
    try {
      return prometheus.stream()
          .flatMap(p -> p.query(promql.query()).stream())
          .mapToDouble(s -> s.points().getLast().value())
          .filter(promql.comparison()::holds)
          .mapToObj(v -> promql.query() + " was " + words(v, promql.comparison()))
          .findFirst()
          .orElse(null);
    } catch (ObservationException e) {
      return null;
    }
  }

  private @Nullable String alert(Alert alert) {
    try {
      return prometheus.stream()
          .flatMap(p -> p.alerts().stream())
          .filter(a -> a.name().equals(alert.name()) && a.state().equals(alert.state()))
          .map(a -> "alert " + a.name() + " was " + a.state() + " " + a.labels())
          .findFirst()
          .orElse(null);
    } catch (ObservationException e) {
      return null;
    }
  }

  private @Nullable String http(Http probe) throws InterruptedException {
    try {
      int status =
          client()
              .send(
                  HttpRequest.newBuilder(probe.url()).timeout(PROBE).build(),
                  BodyHandlers.discarding())
              .statusCode();
      return status < 400 ? null : probe.url() + " answered " + status;
    } catch (IOException e) {
      return probe.url() + " did not answer (" + e.getMessage() + ")";
    }
  }

  /** Made when the first rule needs it: it has a thread of its own. */
  private synchronized HttpClient client() {
    if (http == null) {
      http = HttpClient.newBuilder().connectTimeout(PROBE).build();
    }
    return http;
  }

  private static @Nullable String command(Command command) throws InterruptedException {
    String line = String.join(" ", command.line());
    try {
      Process process =
          new ProcessBuilder(command.line())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(PROBE.toSeconds() * 5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return line + " did not end";
      }
      return process.exitValue() == 0 ? null : line + " ended with " + process.exitValue();
    } catch (IOException e) {
      return line + " could not be run (" + e.getMessage() + ")";
    }
  }

  @Override
  public synchronized void close() {
    if (http != null) {
      http.close();
    }
  }
}
