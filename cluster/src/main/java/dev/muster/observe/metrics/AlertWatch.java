package dev.muster.observe.metrics;

import dev.muster.observe.ObservationException;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Alerts while the run goes on, by asking again and again: Prometheus has no watch. What is seen
 * happened since the answer before, and that is the uncertainty of its time. Safe for several
 * threads.
 */
final class AlertWatch {
  private static final String PROMETHEUS = "prometheus";
  private static final String ALERTMANAGER = "alertmanager";

  private final Prometheus prometheus;
  private final Optional<Alertmanager> alertmanager;
  private final Optional<ReceiverLog> receiver;
  private final Instant began;
  private final InstantSource clock;
  private final Consumer<Event> timeline;

  private final Map<Object, Prometheus.Alert> firing = new HashMap<>();
  private final Set<Object> held = new HashSet<>();
  private final Set<Event> notified = new HashSet<>();
  private final Set<String> fired = new HashSet<>();
  private final Set<String> told = new HashSet<>();
  private final Map<String, Instant> silentSince = new HashMap<>();
  private @Nullable Instant answered;

  /**
   * @param alertmanager empty where the drill names none
   * @param receiver empty where there is none
   */
  AlertWatch(
      Prometheus prometheus,
      Optional<Alertmanager> alertmanager,
      Optional<ReceiverLog> receiver,
      InstantSource clock,
      Consumer<Event> timeline) {
    this.prometheus = prometheus;
    this.alertmanager = alertmanager;
    this.receiver = receiver;
    this.clock = clock;
    this.timeline = timeline;
    this.began = clock.instant();
  }

  /** Asks all of them once. */
  synchronized void look() {
    asking(PROMETHEUS, () -> alerts(prometheus.alerts()));
    alertmanager.ifPresent(a -> asking(ALERTMANAGER, () -> held(a)));
    receiver.ifPresent(r -> asking(ReceiverLog.NAME, () -> notified(r)));
  }

  private void asking(String what, Runnable question) {
    try {
      question.run();
      silentSince.remove(what);
    } catch (ObservationException e) {
      if (silentSince.putIfAbsent(what, clock.instant()) == null) {
        timeline.accept(
            new Event.NotObserved(
                Stamp.engine(clock.instant()), what, String.valueOf(e.getMessage())));
      }
    }
  }

  private void alerts(List<Prometheus.Alert> alerts) {
    Instant now = clock.instant();
    Map<Object, Prometheus.Alert> fires = new HashMap<>();
    alerts.stream()
        .filter(Prometheus.Alert::firing)
        .forEach(a -> fires.put(List.of(a.name(), a.labels()), a));
    fires.forEach((key, alert) -> {
      if (!firing.containsKey(key)) {
        fired.add(alert.name());
        timeline.accept(
            new Event.AlertFired(
                stamp(now, alert.activeAt(), alert.activeAt()), alert.name(), alert.labels()));
      }
    });
    firing.forEach((key, alert) -> {
      if (!fires.containsKey(key)) {
        timeline.accept(
            new Event.AlertResolved(stamp(now, null, began), alert.name(), alert.labels()));
      }
    });
    firing.clear();
    firing.putAll(fires);
    answered = now;
  }

  /**
   * @param earliest since when it may be so, where it was never asked before
   */
  private Stamp stamp(Instant now, @Nullable Instant own, Instant earliest) {
    Duration since = Duration.between(answered == null ? earliest : answered, now);
    return new Stamp(now, PROMETHEUS, own, since.isNegative() ? Duration.ZERO : since);
  }

  private void held(Alertmanager asked) {
    Instant now = clock.instant();
    for (Alertmanager.Held alert : asked.alerts()) {
      if (held.add(List.of(alert.name(), alert.labels(), alert.startsAt()))) {
        timeline.accept(
            new Event.AlertHeld(
                new Stamp(now, ALERTMANAGER, alert.startsAt(), Duration.ZERO),
                alert.name(),
                alert.labels(),
                alert.receivers()));
      }
      if (!alert.silencedBy().isEmpty()
          && held.add(List.of(alert.name(), alert.labels(), alert.silencedBy()))) {
        timeline.accept(
            new Event.AlertSilenced(
                Stamp.seen(now, ALERTMANAGER, Duration.ZERO),
                alert.name(),
                alert.labels(),
                asked.silence(alert.silencedBy().getFirst())));
      }
    }
  }

  private void notified(ReceiverLog log) {
    for (Event.AlertNotified each : log.since(began)) {
      if (notified.add(each)) {
        told.add(each.alert());
        timeline.accept(each);
      }
    }
  }

  /** Whether an alert of that name fired since the beginning. */
  synchronized boolean fired(String name) {
    return fired.contains(name);
  }

  synchronized boolean fires(String name) {
    return firing.values().stream().anyMatch(a -> a.name().equals(name));
  }

  /** Whether a notification of an alert of that name arrived since the beginning. */
  synchronized boolean told(String name) {
    return told.contains(name);
  }

  /** Whether one of them did not answer the last time. */
  synchronized boolean silent(String what) {
    return silentSince.containsKey(what);
  }

  Instant began() {
    return began;
  }
}
