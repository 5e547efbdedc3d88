package dev.muster.observe.data;

import dev.muster.drill.port.Observer;
import dev.muster.observe.StableCountWait;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.Trace;
import dev.muster.timeline.file.TraceFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The usage records that gateways made in the service's etcd since the load began. */
final class UsageObserver implements Observer {
  static final String NAME = "usage records";

  /** Gateways try a record again every half second until etcd takes it. */
  private static final int STABLE_LOOKS = 8;

  private final ServiceEtcd etcd;
  private final Path runFolder;
  private final InstantSource clock;
  private final Consumer<Event> timeline;
  private final StableCountWait wait;
  private @Nullable Long before;

  /**
   * @param apart between two looks whether late records still come
   */
  UsageObserver(
      ServiceEtcd etcd,
      Duration apart,
      Path runFolder,
      InstantSource clock,
      Consumer<Event> timeline) {
    this.etcd = etcd;
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
    before = etcd.revision();
  }

  @Override
  public void end() throws InterruptedException {
    Long since = before;
    if (since == null) {
      return; // that it could not be asked at the beginning is in the timeline
    }
    wait.await(() -> etcd.count(ServiceEtcd.USAGE), 0);
    var range = etcd.list(ServiceEtcd.USAGE, since);
    List<Trace> records = range.entries().stream().map(UsageObserver::trace).toList();
    TraceFile.put(runFolder, Trace.Source.USAGE, records);
    timeline.accept(
        new Event.TracesRead(
            Stamp.engine(clock.instant()),
            Trace.Source.USAGE,
            records.size(),
            Map.of("since", Long.toString(since), "revision", Long.toString(range.revision()))));
  }

  /** A record that is none names the request of its key and tells nothing more. */
  static Trace trace(ServiceEtcd.Entry entry) {
    var told = ServiceEtcd.json(entry.value());
    var id = told.path("request").asString("");
    return new Trace(
        id.isEmpty() ? entry.key().substring(ServiceEtcd.USAGE.length()) : id,
        Trace.Source.USAGE,
        entry.key(),
        instant(told.path("at").asString("")),
        "api",
        told.path("gateway").asString(""),
        "",
        told.path("worker").asString(""),
        told.path("finish").asString(""),
        "",
        entry.writes());
  }

  private static @Nullable Instant instant(String text) {
    try {
      return text.isEmpty() ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  @Override
  public void close() {
    wait.close();
  }
}
