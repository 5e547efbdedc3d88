package dev.muster.verdict.check.alerts;

import dev.muster.drill.observer.Prometheus;
import dev.muster.timeline.Event;
import dev.muster.timeline.Event.AlertHeld;
import dev.muster.timeline.Event.AlertNotified;
import dev.muster.timeline.Event.AlertRecorded;
import dev.muster.timeline.Event.AlertRuleSeen;
import dev.muster.timeline.Event.AlertsRead;
import dev.muster.timeline.Event.FaultInjected;
import dev.muster.timeline.Event.FaultReverted;
import dev.muster.timeline.Event.NotObserved;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.recovery.Recovery;
import dev.muster.verdict.recovery.Settings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the timeline tells of one alert: Prometheus's own record, what Alertmanager had and did with
 * it, and which notifications arrived.
 */
record AlertHistory(Recovery recovery, String alert) {
  static final String PROMETHEUS = "prometheus";
  static final String ALERTMANAGER = "alertmanager";
  static final String RECEIVER = "muster-receiver";

  /** Why Prometheus's record is not known; null where it is. */
  @Nullable Sentence unread() {
    if (read(PROMETHEUS).isPresent()) {
      return null;
    }
    if (recovery.history().drill().watcher(Prometheus.class).isEmpty()) {
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
   * Those that began to fire since the fault. Where some name a victim in a label, a list for each
   * victim of the same kind of fault, empty where it is not named; otherwise one list of all that
   * name no other node.
   */
  List<List<AlertCourse>> since() {
    var since =
        AlertCourse.of(recovery.history()).stream()
            .filter(course -> course.alert().equals(alert))
            .flatMap(course -> course.since(recovery.fault()).stream())
            .toList();
    var named =
        recovery.victims().stream()
            .filter(victim -> since.stream().anyMatch(course -> names(course, victim)))
            .toList();
    if (named.isEmpty()) {
      var others = since.stream().filter(course -> !ofAnotherNode(course)).toList();
      return others.isEmpty() ? List.of() : List.of(others);
    }
    var kinds = named.stream().flatMap(this::kinds).toList();
    return recovery.victims().stream()
        .filter(victim -> kinds(victim).anyMatch(kinds::contains))
        .map(victim -> since.stream().filter(course -> names(course, victim)).toList())
        .toList();
  }

  private Stream<String> kinds(ObjectRef.Victim victim) {
    return Recovery.events(recovery.history(), FaultInjected.class)
        .filter(e -> e.victim().is(victim))
        .map(FaultInjected::kind);
  }

  private static boolean names(AlertCourse course, ObjectRef.Victim victim) {
    return course.labels().containsValue(victim.name());
  }

  /** It tells of a node that no fault took, and of no pod of the service. */
  private boolean ofAnotherNode(AlertCourse course) {
    var settings = new Settings(recovery.history());
    var placed =
        Stream.concat(settings.placed("pod").stream(), settings.placed("targetPod").stream())
            .toList();
    var nodes =
        Stream.concat(
            placed.stream().map(Settings.Placed::node),
            Recovery.events(recovery.history(), Event.OutsideChange.class)
                .map(Event.OutsideChange::object)
                .filter(ObjectRef.Node.class::isInstance));
    return placed.stream().noneMatch(p -> course.labels().containsValue(p.pod().name()))
        && nodes.anyMatch(node ->
            course.labels().containsValue(node.name())
                && recovery.victims().stream().noneMatch(node::is));
  }

  /** It fired when the fault began, or came and went before: that it fires proves nothing. */
  static boolean restless(AlertCourse course, Instant fault) {
    var before =
        AlertCourse.of(course.history()).stream()
            .filter(c -> c.alert().equals(course.alert()) && c.labels().equals(course.labels()))
            .flatMap(c -> c.recorded().stream())
            .filter(e -> e.stamp().at().isBefore(fault))
            .toList();
    return before.size() > 1
        || before.stream()
            .anyMatch(e -> e.resolved() == null || !e.resolved().at().isBefore(fault));
  }

  /** All that Prometheus recorded of it, in the order of time. */
  List<AlertRecorded> recorded() {
    var all = new ArrayList<>(of(AlertRecorded.class, AlertRecorded::alert));
    all.sort(Comparator.comparing(e -> e.stamp().at()));
    return all;
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
              ? Sentence.of(
                  "Prometheus: fired %s, not resolved %s", AlertCourse.own(e.stamp()), e.labels())
              : Sentence.of(
                  "Prometheus: fired %s, resolved %s %s",
                  AlertCourse.own(e.stamp()), AlertCourse.own(resolved), e.labels()));
    }
    of(AlertHeld.class, AlertHeld::alert).stream()
        .filter(h -> !h.stamp().at().isBefore(recovery.fault()))
        .forEach(h ->
            lines.add(
                Sentence.of(
                    "Alertmanager: startsAt %s, to %s",
                    AlertCourse.own(h.stamp()), h.receivers())));
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

  private <E extends Event> List<E> of(Class<E> type, Function<E, String> name) {
    return Recovery.events(recovery.history(), type)
        .filter(e -> name.apply(e).equals(alert))
        .toList();
  }
}
