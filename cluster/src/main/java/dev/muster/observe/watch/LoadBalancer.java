package dev.muster.observe.watch;

import dev.muster.observe.ObservationTracker;
import dev.muster.timeline.Event;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Asks HAProxy again and again, until closed, which servers it holds for up. */
final class LoadBalancer implements AutoCloseable {
  /** Told of the statistics, as CSV. */
  interface Told {
    /**
     * @param within what they say was not so longer than this ago
     */
    void is(String csv, Duration within);
  }

  private static final Duration ANSWER = Duration.ofSeconds(2);
  private static final int OK = 200;

  private final URI statistics;
  private final Duration every;
  private final Told told;
  private final ObservationTracker tracker;
  private final CountDownLatch closed = new CountDownLatch(1);

  LoadBalancer(
      URI statistics, Duration every, InstantSource clock, Consumer<Event> timeline, Told told) {
    this.statistics = statistics;
    this.every = every;
    this.told = told;
    tracker = new ObservationTracker("load balancer", clock, timeline);
  }

  void follow() {
    Thread.ofVirtual().name("load-balancer").start(this::untilClosed);
  }

  private void untilClosed() {
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (!closed.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
        look(http);
      }
      http.shutdownNow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(HttpClient http) throws InterruptedException {
    var asked = http.sendAsync(HttpRequest.newBuilder(statistics).build(), BodyHandlers.ofString());
    try { // the whole of the answer: the client's own limit ends where its body begins
      var answer = asked.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
      if (answer.statusCode() != OK) {
        throw new IOException("HTTP " + answer.statusCode());
      }
      Duration age = tracker.age();
      told.is(
          answer.body(),
          age.compareTo(ObservationTracker.USUAL) > 0 ? age : ObservationTracker.USUAL);
      tracker.current();
    } catch (TimeoutException e) {
      asked.cancel(true);
      lost("no answer within " + ANSWER.toSeconds() + " s");
    } catch (java.util.concurrent.ExecutionException | IOException e) {
      lost(String.valueOf(e.getMessage()));
    }
  }

  private void lost(String why) {
    if (closed.getCount() > 0) {
      tracker.lost(why);
    }
  }

  /** HAProxy's CSV: column 2 is the server, column 18 its status. */
  static Optional<Boolean> serverUp(String csv, String server) {
    return csv.lines()
        .map(l -> l.split(",", -1))
        .filter(f -> f.length > 17 && f[1].equals(server))
        .map(f -> f[17].startsWith("UP"))
        .findFirst();
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
