package dev.muster.observe.served;

import dev.muster.cluster.fault.ObserverOnCluster;
import dev.muster.cluster.fault.Rights;
import dev.muster.cluster.fault.Rights.Right;
import dev.muster.drill.Drill;
import dev.muster.drill.LoadRequest;
import dev.muster.drill.observer.AccessLog;
import dev.muster.drill.port.Observer;
import dev.muster.observe.ObservationException;
import dev.muster.observe.Poller;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.Trace;
import dev.muster.timeline.file.LedgerFile;
import dev.muster.timeline.file.TimelineFile;
import dev.muster.timeline.file.TraceFile;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which pod served each request whose answer named none: by the lines of an access log, else by the
 * only endpoint that was ready all the time.
 */
public final class ServedByObserver implements Observer {
  static final String NAME = "access log";

  /** Envoy writes its log every 10 s. */
  private static final Duration PATIENCE = Duration.ofSeconds(14);

  private final @Nullable AccessLogs logs;
  private final ServingPods pods;
  private final Pattern ids;
  private final Path runFolder;
  private final Duration apart;
  private final InstantSource clock;
  private final Consumer<Event> timeline;
  private final Poller poller;
  private final PodAddresses addresses = new PodAddresses();
  private final SoleEndpoint sole = new SoleEndpoint();
  private final Map<String, Told> told = new HashMap<>();

  /**
   * @param writers pods that wrote of it
   */
  private record Told(Set<ObjectRef.Pod> writers, Set<String> addresses) {}

  /**
   * @param logs null where the drill names none
   * @param run id of the run, which begins that of each request
   */
  public ServedByObserver(
      @Nullable AccessLogs logs,
      ServingPods pods,
      String run,
      Path runFolder,
      Duration apart,
      InstantSource clock,
      Consumer<Event> timeline) {
    this.logs = logs;
    this.pods = pods;
    this.ids = AccessLine.ids(run);
    this.runFolder = runFolder;
    this.apart = apart;
    this.clock = clock;
    this.timeline = timeline;
    this.poller = new Poller(NAME, apart, clock, timeline, _ -> look());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void begin() {
    poller.begin();
  }

  /** What cannot be seen names nobody, and judges nobody either. */
  private void look() {
    try {
      pods.addresses(addresses);
      var at = clock.instant();
      sole.saw(at, pods.ready());
    } catch (KubernetesClientException e) {
      sole.missed();
    }
    try {
      if (logs != null) {
        logs.look(this::line);
      }
    } catch (KubernetesClientException e) {
      // read from where it was at the next look
    }
  }

  private void line(ObjectRef.Pod writer, String line) {
    AccessLine.of(line, ids)
        .ifPresent(l -> {
          var known =
              told.computeIfAbsent(
                  l.id(), _ -> new Told(new LinkedHashSet<>(), new LinkedHashSet<>()));
          known.writers().add(writer);
          known.addresses().addAll(l.addresses());
        });
  }

  @Override
  public void end() {
    var unnamed =
        LedgerFile.read(runFolder).rows().stream()
            .filter(r -> r.pods().isEmpty() && r.sent() != null)
            .toList();
    poller.now();
    if (logs != null) {
      long patience = PATIENCE.dividedBy(apart);
      for (long i = 0; i < patience && lacks(unnamed) && !poller.passed(apart); i++) {
        poller.now();
      }
    }
    poller.close();
    name(unnamed);
    if (logs != null && logs.trouble() != null) {
      throw new ObservationException(logs.trouble());
    }
  }

  private boolean lacks(List<Request> unnamed) {
    return unnamed.stream().anyMatch(r -> r.httpStatus() > 0 && !told.containsKey(r.id()));
  }

  private void name(List<Request> unnamed) {
    var served = new HashMap<String, List<ObjectRef.Pod>>();
    var access = new ArrayList<Trace>();
    var endpoint = new ArrayList<Trace>();
    for (var request : unnamed) {
      var sent = request.sent();
      var ended = request.ended();
      if (sent == null || ended == null) {
        continue;
      }
      var named = byLog(request.id(), ended);
      named.forEach(pod -> access.add(trace(request, Trace.Source.ACCESS, pod)));
      if (named.isEmpty() && request.httpStatus() > 0) {
        named = sole.during(sent, ended).stream().toList();
        named.forEach(pod -> endpoint.add(trace(request, Trace.Source.ENDPOINT, pod)));
      }
      served.put(request.id(), named);
    }
    put(Trace.Source.ACCESS, access);
    put(Trace.Source.ENDPOINT, endpoint);
    FirstGoodTokenBackfill.of(TimelineFile.read(runFolder).events(), unnamed, served)
        .forEach(timeline);
  }

  /** Those whose addresses the lines have; else those of the target's own pods that wrote them. */
  private List<ObjectRef.Pod> byLog(String id, Instant when) {
    var lines = told.get(id);
    if (lines == null) {
      return List.of();
    }
    var named = lines.addresses().stream().flatMap(a -> addresses.at(a, when).stream()).toList();
    return named.isEmpty()
        ? lines.writers().stream().filter(p -> p.namespace().equals(pods.namespace())).toList()
        : named;
  }

  private static Trace trace(Request request, Trace.Source source, ObjectRef.Pod pod) {
    return new Trace(request.id(), source, "", request.ended(), "", "", "", pod.name(), "", "", 1);
  }

  private void put(Trace.Source source, List<Trace> rows) {
    TraceFile.put(runFolder, source, rows);
    timeline.accept(
        new Event.TracesRead(Stamp.engine(clock.instant()), source, rows.size(), Map.of()));
  }

  @Override
  public void close() {
    poller.close();
  }

  /** Of a load whose answers do not name their pods, as the reference service's do. */
  public static final class OnCluster implements ObserverOnCluster {

    @Override
    public Stream<? extends Observer> of(Run run) {
      var load = run.drill().load();
      var log = run.drill().watcher(AccessLog.class).orElse(null);
      if (load == null || (log == null && load.request().preset() == LoadRequest.Preset.DEEPSEEK)) {
        return Stream.empty();
      }
      return Stream.of(
          new ServedByObserver(
              log == null ? null : new AccessLogs(run.probe(), log, run.clock()),
              new ServingPods(run.probe(), run.drill().target().namespace()),
              String.valueOf(run.folder().getFileName()),
              run.folder(),
              Poller.APART,
              run.clock(),
              run.timeline()));
    }

    @Override
    public List<Right> rights(Drill drill) {
      return drill
          .watcher(AccessLog.class)
          .map(log -> Right.of(Rights.CORE, "pods/log", log.namespace(), "get"))
          .orElse(List.of());
    }
  }
}
