package dev.muster.observe.watch;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.observe.ObservationTracker;
import dev.muster.timeline.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks the API server every second whether it lives: a watch alone does not tell one that is gone
 * from one where nothing happens. Safe for several threads.
 */
final class Liveness implements AutoCloseable {
  static final Duration EVERY = Duration.ofSeconds(1);

  private final KubernetesClient probe;
  private final Duration every;
  private final InstantSource clock;
  private final Consumer<Instant> dead;
  private final ObservationTracker tracker;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Instant lived;

  /**
   * @param probe answers in a short time or not at all, and does not try again
   * @param dead told with each look that fails, when the server lived last
   */
  Liveness(
      KubernetesClient probe,
      Duration every,
      InstantSource clock,
      Consumer<Event> timeline,
      Consumer<Instant> dead) {
    this.probe = probe;
    this.every = every;
    this.clock = clock;
    this.dead = dead;
    tracker = new ObservationTracker("api-server", clock, timeline);
    lived = clock.instant();
  }

  void follow() {
    Thread.ofVirtual().name("api-server").start(this::untilClosed);
  }

  private void untilClosed() {
    try {
      while (!closed.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    String problem = ask();
    if (closed.getCount() == 0) {
      return;
    }
    if (!problem.isEmpty()) {
      tracker.lost(problem);
      dead.accept(lived);
    } else if (late()) { // what the watches tell now may be as late as this answer
      lived = clock.instant();
      tracker.resumed();
    } else {
      lived = clock.instant();
      tracker.current();
    }
  }

  /** Empty where it answered; that it does not let everybody ask is an answer too. */
  private String ask() {
    try {
      var _ = probe.raw("/livez");
      return "";
    } catch (KubernetesClientException e) {
      return e.getCode() > 0 && e.getCode() < HttpURLConnection.HTTP_INTERNAL_ERROR
          ? ""
          : ApiErrors.why(e);
    }
  }

  private boolean late() {
    return tracker.age().compareTo(every.plus(ObservationTracker.USUAL)) > 0;
  }

  /** What any watch tells now happened at most so long ago, as far as the server is concerned. */
  Duration uncertainty() {
    return late() ? tracker.age() : tracker.uncertainty();
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
