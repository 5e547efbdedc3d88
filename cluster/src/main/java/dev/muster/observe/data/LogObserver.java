package dev.muster.observe.data;

import dev.muster.cluster.fault.ObserverOnCluster;
import dev.muster.cluster.fault.Rights.Right;
import dev.muster.drill.Drill;
import dev.muster.drill.observer.Elasticsearch;
import dev.muster.drill.port.Observer;
import dev.muster.observe.ObservationException;
import dev.muster.observe.StableCountWait;
import dev.muster.observe.ask.JsonApi;
import dev.muster.observe.ask.PodReplicas;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.Trace;
import dev.muster.timeline.file.TraceFile;
import dev.muster.verdict.check.data.LogsCheck;
import dev.muster.verdict.check.data.ReconciledCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the log store holds of the run's time: lines that the drill asks for, and of requests. */
final class LogObserver implements Observer {
  static final String NAME = "elasticsearch";

  /** A shipper sends every few seconds, and an index shows new lines a second later. */
  private static final int STABLE_LOOKS = 10;

  private final Optional<LogStore> store;
  private final Drill drill;
  private final Supplier<Map<ObjectRef.Pod, ObjectRef.Node>> places;
  private final Path runFolder;
  private final InstantSource clock;
  private final Consumer<Event> timeline;
  private final StableCountWait wait;
  private @Nullable Instant from;

  /**
   * @param store empty where the drill names none
   * @param places the pods and their nodes
   * @param apart between two looks whether lines still come
   */
  LogObserver(
      Optional<LogStore> store,
      Drill drill,
      Supplier<Map<ObjectRef.Pod, ObjectRef.Node>> places,
      Duration apart,
      Path runFolder,
      InstantSource clock,
      Consumer<Event> timeline) {
    this.store = store;
    this.drill = drill;
    this.places = places;
    this.wait = new StableCountWait(apart, STABLE_LOOKS);
    this.runFolder = runFolder;
    this.clock = clock;
    this.timeline = timeline;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void begin() {
    from = clock.instant();
    if (reconciles()) {
      timeline.accept(new Event.PodsPlaced(Stamp.engine(clock.instant()), places.get()));
    }
  }

  @Override
  public void end() throws InterruptedException {
    var asked =
        store.orElseThrow(() ->
            new ObservationException(
                "the drill names no log store: give it 'monitor' or 'observe.elasticsearch'"));
    var begin = from;
    if (begin == null) {
      return; // that it could not begin is in the timeline
    }
    var to = clock.instant();
    awaitLate(asked, begin, to);
    if (reconciles()) {
      timeline.accept(new Event.PodsPlaced(Stamp.engine(clock.instant()), places.get()));
      List<Trace> lines = asked.requests(begin, to);
      TraceFile.put(runFolder, Trace.Source.LOG, lines);
      timeline.accept(
          new Event.TracesRead(
              Stamp.engine(clock.instant()),
              Trace.Source.LOG,
              lines.size(),
              Map.of("from", begin.toString(), "to", to.toString())));
    }
    for (var logs : LogsCheck.LINES.in(drill, List.of())) {
      timeline.accept(
          new Event.LogsCounted(
              Stamp.engine(clock.instant()),
              logs.query(),
              begin,
              to,
              asked.count(logs.query(), begin, to)));
    }
  }

  private boolean reconciles() {
    return ReconciledCheck.UNEXPLAINED.isIn(drill);
  }

  /** Until no more lines of that time come. A store without any proves nothing of lines. */
  private void awaitLate(LogStore asked, Instant begin, Instant to) throws InterruptedException {
    long seen = wait.await(() -> asked.count(begin, to), 1);
    if (seen == 0) {
      throw new ObservationException(
          "the log store has no line at all of the run's time: do the nodes ship their logs?");
    }
  }

  @Override
  public void close() {
    wait.close();
  }

  /** Of a drill that expects something of logs, or all sides to tell the same. */
  public static final class OnCluster implements ObserverOnCluster {

    @Override
    public Stream<? extends Observer> of(Run run) {
      Drill drill = run.drill();
      if (!LogsCheck.LINES.isIn(drill) && !ReconciledCheck.UNEXPLAINED.isIn(drill)) {
        return Stream.empty();
      }
      Optional<LogStore> store =
          drill
              .watcher(Elasticsearch.class)
              .map(e ->
                  JsonApi.of(
                      e.place(), run.probe(), run.environment().get("MUSTER_ELASTICSEARCH_TOKEN")))
              .map(LogStore::new);
      return Stream.of(
          new LogObserver(
              store,
              drill,
              () -> PodReplicas.places(run.probe(), drill.target().namespace()),
              StableCountWait.APART,
              run.folder(),
              run.clock(),
              run.timeline()));
    }

    @Override
    public List<Right> rights(Drill drill) {
      return drill
          .watcher(Elasticsearch.class)
          .map(e -> Right.of(e.place(), "get", "create"))
          .orElse(List.of());
    }
  }
}
