package dev.muster.report;

import dev.muster.drill.Drill;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.History;
import dev.muster.verdict.Recovery;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An alert that fired, in Prometheus's own times; {@code since} are seconds since the fault on the
 * engine's clock.
 *
 * @param expected whether the drill names it
 * @param firedSince null where there was no fault
 * @param resolved null while it still fired at the end
 * @param told when the first notification of it arrived; null where none is known to have
 * @param silenced by whom; null where it was not
 */
public record AlertRow(
    String name,
    Map<String, String> labels,
    boolean expected,
    Instant fired,
    @Nullable Double firedSince,
    @Nullable Instant resolved,
    @Nullable Double resolvedSince,
    @Nullable Instant told,
    @Nullable Double toldSince,
    @Nullable String silenced) {

  static List<AlertRow> of(History history, Optional<Recovery> recovery) {
    var expected = history.drill().expect().alerts().stream().map(Drill.Alert::name).toList();
    return all(history, Event.AlertRecorded.class)
        .map(e -> row(history, recovery, e, expected.contains(e.alert())))
        .toList();
  }

  private static AlertRow row(
      History history, Optional<Recovery> recovery, Event.AlertRecorded e, boolean expected) {
    Stamp resolved = e.resolved();
    Instant told = told(history, e);
    return new AlertRow(
        e.alert(),
        e.labels(),
        expected,
        own(e.stamp()),
        since(recovery, e.stamp().at()),
        resolved == null ? null : own(resolved),
        resolved == null ? null : since(recovery, resolved.at()),
        told,
        told == null ? null : since(recovery, told),
        all(history, Event.AlertSilenced.class)
            .filter(s -> s.alert().equals(e.alert()) && within(s.labels(), e.labels()))
            .map(Event.AlertSilenced::by)
            .findFirst()
            .orElse(null));
  }

  private static @Nullable Instant told(History history, Event.AlertRecorded e) {
    return all(history, Event.AlertNotified.class)
        .filter(n -> n.status().equals("firing") && n.alert().equals(e.alert()))
        .filter(n -> within(e.labels(), n.labels()))
        .filter(n -> !n.stamp().at().isBefore(e.stamp().at().minusSeconds(1)))
        .map(n -> n.stamp().at())
        .findFirst()
        .orElse(null);
  }

  /** Alertmanager's labels may be more: Prometheus adds its external ones on the way. */
  private static boolean within(Map<String, String> few, Map<String, String> many) {
    return many.entrySet().containsAll(few.entrySet())
        || few.entrySet().containsAll(many.entrySet());
  }

  private static Instant own(Stamp stamp) {
    return Objects.requireNonNullElse(stamp.sourceTime(), stamp.at());
  }

  private static @Nullable Double since(Optional<Recovery> recovery, Instant at) {
    return recovery.map(r -> r.since(at)).orElse(null);
  }

  private static <E extends Event> Stream<E> all(History history, Class<E> type) {
    return history.timeline().stream().filter(type::isInstance).map(type::cast);
  }
}
