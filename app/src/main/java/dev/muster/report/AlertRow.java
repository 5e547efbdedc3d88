package dev.muster.report;

import dev.muster.drill.Drill;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.check.alerts.AlertCourse;
import dev.muster.verdict.check.alerts.AlertsExpected;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.recovery.Recovery;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    var expected = AlertsExpected.in(history.drill()).stream().map(Drill.Alert::name).toList();
    return AlertCourse.of(history).stream()
        .flatMap(course ->
            course.recorded().stream()
                .map(e -> row(recovery, course, e, expected.contains(e.alert()))))
        .sorted(Comparator.comparing(AlertRow::fired))
        .toList();
  }

  private static AlertRow row(
      Optional<Recovery> recovery, AlertCourse course, Event.AlertRecorded e, boolean expected) {
    Stamp resolved = e.resolved();
    Instant told = course.told(e).map(n -> n.stamp().at()).orElse(null);
    return new AlertRow(
        e.alert(),
        e.labels(),
        expected,
        AlertCourse.own(e.stamp()),
        since(recovery, e.stamp().at()),
        resolved == null ? null : AlertCourse.own(resolved),
        resolved == null ? null : since(recovery, resolved.at()),
        told,
        told == null ? null : since(recovery, told),
        course
            .silenced(recovery.map(Recovery::fault).orElse(Instant.MIN))
            .map(Event.AlertSilenced::by)
            .orElse(null));
  }

  private static @Nullable Double since(Optional<Recovery> recovery, Instant at) {
    return recovery.map(r -> r.since(at)).orElse(null);
  }
}
