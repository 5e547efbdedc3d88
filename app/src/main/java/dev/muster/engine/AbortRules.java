package dev.muster.engine;

import dev.muster.drill.AbortRule;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The drill's {@code abortWhen}: conditions under which going on would do more harm than good. All
 * are looked at once a second from the first fault to the end of the recovery, by a thread of their
 * own.
 */
final class AbortRules implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration PROBE = Duration.ofSeconds(2);

  private final List<AbortRule> rules;
  private final Ports.Load load;
  private final InstantSource clock;
  private final Abort abort;
  private final Map<AbortRule, Instant> brokenSince = new HashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PROBE).build();

  AbortRules(List<AbortRule> rules, Ports.Load load, InstantSource clock, Abort abort) {
    this.rules = rules;
    this.load = load;
    this.clock = clock;
    this.abort = abort;
  }

  AbortRules start() {
    if (!rules.isEmpty()) {
      Thread.ofVirtual().name("abort-rules").start(this::watch);
    }
    return this;
  }

  private void watch() {
    try {
      while (!closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        String reason = broken();
        if (reason != null) {
          abort.request(reason);
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The first rule that has held for all of its time, in words; null if none has. */
  @Nullable String broken() throws InterruptedException {
    for (AbortRule rule : rules) {
      String reason = reason(rule);
      if (reason == null) {
        brokenSince.remove(rule);
        continue;
      }
      Instant since = brokenSince.computeIfAbsent(rule, _ -> clock.instant());
      // an error ratio is itself taken over all of its time
      boolean whole = rule instanceof AbortRule.ErrorRatio;
      if (whole || !clock.instant().isBefore(since.plus(rule.lasting()))) {
        return "abortWhen: " + reason + " for " + rule.lasting().toSeconds() + "s";
      }
    }
    return null;
  }

  private @Nullable String reason(AbortRule rule) throws InterruptedException {
    return switch (rule) {
      case AbortRule.ErrorRatio ratio -> {
        double measured = load.errorRatio(ratio.lasting());
        yield holds(measured, ratio)
            ? "error-ratio was %.2f %s %s".formatted(measured, ratio.criteria(), ratio.value())
            : null;
      }
      case AbortRule.Http probe -> http(probe);
      case AbortRule.Command command -> command(command);
    };
  }

  private static boolean holds(double measured, AbortRule.ErrorRatio rule) {
    if (Double.isNaN(measured)) {
      return false;
    }
    return switch (rule.criteria()) {
      case ">" -> measured > rule.value();
      case ">=" -> measured >= rule.value();
      case "<" -> measured < rule.value();
      case "<=" -> measured <= rule.value();
      default -> throw new IllegalArgumentException("unknown criteria " + rule.criteria());
    };
  }

  private @Nullable String http(AbortRule.Http probe) throws InterruptedException {
    try {
      int status =
          http.send(
                  HttpRequest.newBuilder(probe.url()).timeout(PROBE).build(),
                  BodyHandlers.discarding())
              .statusCode();
      return status < 400 ? null : probe.url() + " answered " + status;
    } catch (IOException e) {
      return probe.url() + " did not answer (" + e.getMessage() + ")";
    }
  }

  private static @Nullable String command(AbortRule.Command command) throws InterruptedException {
    String line = String.join(" ", command.words());
    try {
      Process process =
          new ProcessBuilder(command.words())
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
  public void close() {
    closed.countDown();
    http.close();
  }
}
