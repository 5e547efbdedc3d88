package dev.muster.verdict;

import dev.muster.drill.Watchers;
import dev.muster.timeline.Event;
import dev.muster.timeline.Event.AlertHeld;
import dev.muster.timeline.Event.AlertNotified;
import dev.muster.timeline.Event.AlertRecorded;
import dev.muster.timeline.Event.AlertRuleSeen;
import dev.muster.timeline.Event.AlertSilenced;
import dev.muster.timeline.Event.AlertsRead;
import dev.muster.timeline.Event.FaultReverted;
import dev.muster.timeline.Event.NotObserved;
import dev.muster.timeline.Stamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the timeline tells of one alert: Prometheus's own record, what Alertmanager had and did with
 * it, and which notifications arrived.
 */
record AlertTold(Recovery recovery, String alert) {
  static final String PROMETHEUS = "prometheus";
  static final String ALERTMANAGER = "alertmanager";
  static final String RECEIVER = "muster-receiver";

  /** Why Prometheus's record is not known; null where it is. */
  @Nullable Sentence unread() {
    if (read(PROMETHEUS).isPresent()) {
      return null;
    }
    if (Watchers.of(recovery.history().drill()).prometheus().isEmpty()) {
      return Sentence.of("the drill names no Prometheus (monitor, or observe.prometheus)");
    }
    return notObserved(PROMETHEUS)
        .map(why -> Sentence.of("Prometheus could not be asked (%s)", why))
        .orElse(Sentence.of("nobody asked Prometheus"));
  }

  Optional<AlertsRead> read(String source) {
    return Recovery.events(recovery.history(), AlertsRead.class)
        .filter(e -> e.source().equals(source))
        .findFirst();
  }

  /** The last reason why something could not be asked since the fault, or did not answer at all. */
  Optional<String> notObserved(String what) {
    boolean never = read(what).isEmpty();
    return Recovery.events(recovery.history(), NotObserved.class)
        .filter(e -> e.what().equals(what))
        .filter(e -> never || !e.stamp().at().isBefore(recovery.fault()))
        .map(NotObserved::why)
        .reduce((a, b) -> b);
  }

  /** Empty where Prometheus has no rule of that name. */
  Optional<AlertRuleSeen> rule() {
    return of(AlertRuleSeen.class, AlertRuleSeen::alert).stream().findFirst();
  }

  /** Fired before the fault; that it went on firing says nothing about the fault. */
  List<AlertRecorded> before() {
    return recorded().stream().filter(e -> e.stamp().at().isBefore(recovery.fault())).toList();
  }

  /**
   * Began to fire since the fault, in the order of time; where some name a victim in a label, only
   * those: the others tell of somebody else.
   */
  List<AlertRecorded> since() {
    var since =
        recorded().stream().filter(e -> !e.stamp().at().isBefore(recovery.fault())).toList();
    var ofVictims = since.stream().filter(e -> names(e.labels())).toList();
    return ofVictims.isEmpty() ? since : ofVictims;
  }

  private boolean names(Map<String, String> labels) {
    return recovery.victims().stream().anyMatch(victim -> labels.containsValue(victim.name()));
  }

  private List<AlertRecorded> recorded() {
    var all = new ArrayList<>(of(AlertRecorded.class, AlertRecorded::alert));
    all.sort(Comparator.comparing(e -> e.stamp().at()));
    return all;
  }

  /** The first notification that it fires, of what began since the fault. */
  Optional<AlertNotified> notified() {
    var first =
        since().stream()
            .map(e -> Objects.requireNonNullElse(e.stamp().sourceTime(), e.stamp().at()))
            .min(Comparator.naturalOrder());
    return of(AlertNotified.class, AlertNotified::alert).stream()
        .filter(e -> e.status().equals("firing"))
        .filter(e -> first.isPresent() && !startsBefore(e, first.get()))
        .findFirst();
  }

  /** Alertmanager repeats what it told before: that is no news of this fault. */
  private static boolean startsBefore(AlertNotified notified, Instant first) {
    var startsAt = notified.startsAt();
    return startsAt != null && startsAt.isBefore(first.minusSeconds(1));
  }

  Optional<AlertHeld> held() {
    return of(AlertHeld.class, AlertHeld::alert).stream()
        .filter(e -> !e.stamp().at().isBefore(recovery.fault()))
        .findFirst();
  }

  Optional<AlertSilenced> silenced() {
    return of(AlertSilenced.class, AlertSilenced::alert).stream()
        .filter(e -> !e.stamp().at().isBefore(recovery.fault()))
        .findFirst();
  }

  /** The end of the last fault; empty where it is not known to have ended. */
  Optional<Instant> undone() {
    return Recovery.events(recovery.history(), FaultReverted.class)
        .map(e -> e.stamp().at())
        .max(Comparator.naturalOrder());
  }

  /** What Prometheus, Alertmanager and the receiver tell, in their own times. */
  List<Sentence> evidence() {
    var lines = new ArrayList<Sentence>();
    rule()
        .ifPresent(r ->
            lines.add(
                Sentence.of(
                    "rule: %s for %d s, evaluated every %d s",
                    r.query(), r.holds().toSeconds(), r.interval().toSeconds())));
    for (var e : recorded()) {
      var resolved = e.resolved();
      lines.add(
          resolved == null
              ? Sentence.of("Prometheus: fired %s, not resolved %s", own(e.stamp()), e.labels())
              : Sentence.of(
                  "Prometheus: fired %s, resolved %s %s",
                  own(e.stamp()), own(resolved), e.labels()));
    }
    held()
        .ifPresent(h ->
            lines.add(
                Sentence.of("Alertmanager: startsAt %s, to %s", own(h.stamp()), h.receivers())));
    of(AlertNotified.class, AlertNotified::alert)
        .forEach(n ->
            lines.add(
                n.status().equals("resolved")
                    ? Sentence.of(
                        "notified %s: %s, startsAt %s, endsAt %s",
                        n.stamp().at(), n.status(), n.startsAt(), n.endsAt())
                    : Sentence.of(
                        "notified %s: %s, startsAt %s", n.stamp().at(), n.status(), n.startsAt())));
    return List.copyOf(lines);
  }

  private static Instant own(Stamp stamp) {
    return Objects.requireNonNullElse(stamp.sourceTime(), stamp.at());
  }

  private <E extends Event> List<E> of(Class<E> type, Function<E, String> name) {
    return Recovery.events(recovery.history(), type)
        .filter(e -> name.apply(e).equals(alert))
        .toList();
  }
}
