package dev.muster.verdict.check.alerts;

import dev.muster.timeline.Event;
import dev.muster.timeline.Event.AlertHeld;
import dev.muster.timeline.Event.AlertNotified;
import dev.muster.timeline.Event.AlertRecorded;
import dev.muster.timeline.Event.AlertSilenced;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * What became of one alert with one set of labels: an alert of a node says nothing about another.
 *
 * @param recorded by Prometheus, in the order of time; at least one
 */
public record AlertCourse(
    History history, String alert, Map<String, String> labels, List<AlertRecorded> recorded) {
  /** Prometheus' evaluations and Alertmanager's times of the same are told to the second. */
  private static final Duration SAME = Duration.ofSeconds(1);

  /** Of all alerts that fired, in the order in which they first did. */
  public static List<AlertCourse> of(History history) {
    var courses = new LinkedHashMap<List<Object>, List<AlertRecorded>>();
    Recovery.events(history, AlertRecorded.class)
        .sorted(Comparator.comparing(e -> e.stamp().at()))
        .forEach(e ->
            courses.computeIfAbsent(List.of(e.alert(), e.labels()), _ -> new ArrayList<>()).add(e));
    return courses.values().stream()
        .map(all ->
            new AlertCourse(
                history, all.getFirst().alert(), all.getFirst().labels(), List.copyOf(all)))
        .toList();
  }

  /** The same, of what began then or later; empty where nothing did. */
  Optional<AlertCourse> since(Instant from) {
    var later = recorded.stream().filter(e -> !e.stamp().at().isBefore(from)).toList();
    return later.isEmpty()
        ? Optional.empty()
        : Optional.of(new AlertCourse(history, alert, labels, later));
  }

  /**
   * The first notification that it fires. Alertmanager repeats what it told before: each
   * notification is of the last record that had begun when what it tells of did.
   */
  public Optional<AlertNotified> told(AlertRecorded record) {
    return of(AlertNotified.class, AlertNotified::alert, AlertNotified::labels).stream()
        .filter(n -> n.status().equals("firing"))
        .filter(n -> recordOf(n).filter(record::equals).isPresent())
        .min(Comparator.comparing(n -> n.stamp().at()));
  }

  private Optional<AlertRecorded> recordOf(AlertNotified told) {
    var starts = told.startsAt();
    return recorded.stream()
        .filter(e ->
            starts == null
                ? !told.stamp().at().isBefore(e.stamp().at().minus(SAME))
                : !starts.isBefore(own(e.stamp()).minus(SAME)))
        .reduce((_, last) -> last);
  }

  /** Alertmanager had it from then on. */
  Optional<AlertHeld> held(Instant from) {
    return of(AlertHeld.class, AlertHeld::alert, AlertHeld::labels).stream()
        .filter(e -> !e.stamp().at().isBefore(from))
        .findFirst();
  }

  /** Alertmanager kept it to itself from then on. */
  public Optional<AlertSilenced> silenced(Instant from) {
    return of(AlertSilenced.class, AlertSilenced::alert, AlertSilenced::labels).stream()
        .filter(e -> !e.stamp().at().isBefore(from))
        .findFirst();
  }

  /** A time as the source of a stamp has it. */
  public static Instant own(Stamp stamp) {
    return Objects.requireNonNullElse(stamp.sourceTime(), stamp.at());
  }

  private <E extends Event> List<E> of(
      Class<E> type, Function<E, String> name, Function<E, Map<String, String>> its) {
    return Recovery.events(history, type)
        .filter(e -> name.apply(e).equals(alert) && same(its.apply(e)))
        .toList();
  }

  /** Alertmanager's labels may be more: Prometheus adds its external ones on the way. */
  private boolean same(Map<String, String> other) {
    return other.entrySet().containsAll(labels.entrySet())
        || labels.entrySet().containsAll(other.entrySet());
  }
}
