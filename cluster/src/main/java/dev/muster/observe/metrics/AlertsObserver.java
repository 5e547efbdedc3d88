package dev.muster.observe.metrics;

import dev.muster.drill.Drill;
import dev.muster.drill.port.Observer;
import dev.muster.observe.Poller;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Alerts of a run: in the order of time by asking every 2 s, and at the end as Prometheus itself
 * has recorded them. Waits for what the drill expects to resolve or to be told, no longer than the
 * drill allows it.
 */
public final class AlertsObserver implements Observer {
  /** An evaluation, a look and a notification on its way. */
  private static final Duration SLACK = Duration.ofSeconds(10);

  private final Prometheus prometheus;
  private final Optional<Alertmanager> alertmanager;
  private final Optional<ReceiverLog> receiver;
  private final List<Drill.Alert> expected;
  private final InstantSource clock;
  private final Consumer<Event> timeline;
  private final Poller poller;
  private @Nullable AlertWatch watch;

  /**
   * @param alertmanager empty where the drill names none
   * @param receiver empty where there is none
   */
  public AlertsObserver(
      Prometheus prometheus,
      Optional<Alertmanager> alertmanager,
      Optional<ReceiverLog> receiver,
      List<Drill.Alert> expected,
      InstantSource clock,
      Consumer<Event> timeline) {
    this.prometheus = prometheus;
    this.alertmanager = alertmanager;
    this.receiver = receiver;
    this.expected = List.copyOf(expected);
    this.clock = clock;
    this.timeline = timeline;
    this.poller = new Poller("alerts", Poller.APART, clock, timeline, _ -> look());
  }

  @Override
  public String name() {
    return "prometheus";
  }

  @Override
  public void begin() {
    watch = new AlertWatch(prometheus, alertmanager, receiver, clock, timeline);
    poller.begin();
  }

  private void look() {
    AlertWatch begun = watch;
    if (begun != null) {
      begun.look();
    }
  }

  @Override
  public boolean settled(Duration sinceUndone) {
    AlertWatch begun = watch;
    return begun == null || expected.stream().allMatch(a -> settled(a, begun, sinceUndone));
  }

  private boolean settled(Drill.Alert alert, AlertWatch begun, Duration sinceUndone) {
    Duration most =
        Stream.of(
                Optional.ofNullable(alert.firesWithin()),
                Optional.ofNullable(alert.resolvesWithin()),
                Optional.ofNullable(alert.notifiedWithin()))
            .flatMap(Optional::stream)
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    boolean overdue = sinceUndone.compareTo(most.plus(SLACK)) > 0;
    // the one that would tell does not answer: nothing can be learnt by waiting for long
    boolean blind = begun.silent(name()) && sinceUndone.compareTo(SLACK) > 0;
    boolean resolved = alert.resolvesWithin() == null || !begun.fires(alert.name());
    boolean told = alert.notifiedWithin() == null || receiver.isEmpty() || begun.told(alert.name());
    return overdue || blind || (begun.fired(alert.name()) && resolved && told);
  }

  @Override
  public void end() {
    AlertWatch begun = watch;
    if (begun == null) {
      return;
    }
    poller.close();
    begun.look();
    Instant now = clock.instant();
    alertmanager.ifPresent(_ -> read(begun, "alertmanager", now));
    receiver.ifPresent(_ -> read(begun, ReceiverLog.NAME, now));
    AlertRecord.of(prometheus, clock).read(begun.began(), now).forEach(timeline);
  }

  private void read(AlertWatch begun, String source, Instant now) {
    if (!begun.silent(source)) {
      timeline.accept(new Event.AlertsRead(Stamp.engine(now), source, begun.began(), now));
    }
  }

  @Override
  public void close() {
    poller.close();
  }
}
