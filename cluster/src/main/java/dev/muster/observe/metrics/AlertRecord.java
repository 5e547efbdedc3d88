package dev.muster.observe.metrics;

import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Prometheus's own record of alerts: the samples of {@code ALERTS} as they are stored, so that
 * times are those of its evaluations and not of a question's step.
 *
 * @param offset what its clock is ahead of ours
 * @param uncertainty of the offset
 */
record AlertRecord(Prometheus prometheus, Duration offset, Duration uncertainty) {
  private static final String SOURCE = "prometheus";
  private static final Duration INTERVAL = Duration.ofSeconds(60);

  /** Asks for its clock; the answer is taken for the middle of the time that it took. */
  static AlertRecord of(Prometheus prometheus, InstantSource clock) {
    Instant before = clock.instant();
    Instant theirs = prometheus.now();
    Duration took = Duration.between(before, clock.instant());
    return new AlertRecord(
        prometheus, Duration.between(before.plus(took.dividedBy(2)), theirs), took.dividedBy(2));
  }

  /**
   * All alerts that fired since then, and all rules, as events; the last one says that this is all.
   *
   * @param from on our clock, like {@code now}
   */
  List<Event> read(Instant from, Instant now) {
    List<Prometheus.Rule> rules = prometheus.alertRules();
    long back = Duration.between(from, now).toSeconds() + 1;
    List<Prometheus.Samples> stored =
        prometheus.query("ALERTS{alertstate=\"firing\"}[" + back + "s]");
    // asked later than the samples: what fires no more now has fired last where they end
    List<Prometheus.Alert> firing =
        prometheus.alerts().stream().filter(Prometheus.Alert::firing).toList();
    Set<String> metrics = prometheus.metrics(from.plus(offset), now.plus(offset));
    List<Event> events = new ArrayList<>();
    rules.forEach(r -> events.add(rule(r, metrics, now)));
    stored.stream()
        .flatMap(s -> recorded(s, rules, firing).stream())
        .sorted(Comparator.comparing(e -> e.stamp().at()))
        .forEach(events::add);
    events.add(new Event.AlertsRead(Stamp.engine(now), SOURCE, from, now));
    return events;
  }

  private static Event rule(Prometheus.Rule rule, Set<String> metrics, Instant now) {
    String missing =
        MetricNames.of(rule.query()).stream()
            .filter(n -> !metrics.contains(n))
            .collect(Collectors.joining(", "));
    @Nullable String trouble =
        !rule.error().isEmpty()
            ? "its rule can not be evaluated: " + rule.error()
            : missing.isEmpty() ? null : "its rule names metrics that nobody exposes: " + missing;
    return new Event.AlertRuleSeen(
        Stamp.engine(now), rule.alert(), rule.query(), rule.holds(), rule.interval(), trouble);
  }

  /** Each time without a gap that a series fired. */
  private List<Event.AlertRecorded> recorded(
      Prometheus.Samples series, List<Prometheus.Rule> rules, List<Prometheus.Alert> firing) {
    String name = series.labels().getOrDefault("alertname", "");
    Map<String, String> labels = Prometheus.withoutName(series.labels());
    Duration interval =
        rules.stream()
            .filter(r -> r.alert().equals(name))
            .map(Prometheus.Rule::interval)
            .filter(Duration::isPositive)
            .findFirst()
            .orElse(INTERVAL);
    boolean fires =
        firing.stream().anyMatch(a -> a.name().equals(name) && a.labels().equals(labels));
    List<Event.AlertRecorded> times = new ArrayList<>();
    Instant first = null;
    Instant last = Instant.MIN;
    for (Prometheus.Sample point : series.points()) {
      if (first == null) {
        first = point.at();
      } else if (point.at().isAfter(last.plus(interval.multipliedBy(3)))) {
        times.add(time(name, labels, first, last.plus(interval)));
        first = point.at();
      }
      last = point.at();
    }
    if (first != null) {
      times.add(time(name, labels, first, fires ? null : last.plus(interval)));
    }
    return times;
  }

  /** It resolves at the evaluation after the last that had it. */
  private Event.AlertRecorded time(
      String name, Map<String, String> labels, Instant first, @Nullable Instant resolved) {
    return new Event.AlertRecorded(
        stamp(first), name, labels, resolved == null ? null : stamp(resolved));
  }

  private Stamp stamp(Instant theirs) {
    return new Stamp(theirs.minus(offset), SOURCE, theirs, uncertainty);
  }
}
