package dev.muster.observe.data;

import dev.muster.drill.port.Observer;
import dev.muster.observe.ObservationException;
import dev.muster.observe.Poller;
import dev.muster.observe.ask.Replica;
import dev.muster.observe.ask.Replicas;
import dev.muster.timeline.Event;
import dev.muster.timeline.Event.CachesChanged.Cache;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which workers each gateway knows, beside those that etcd knows, every few seconds. */
final class CacheObserver implements Observer {
  static final String NAME = "caches";

  /** Answered on a port of its own, which no Service and no ingress leads to. */
  private static final String ASKED = "/debug/workers";

  private final ServiceEtcd etcd;
  private final Replicas gateways;
  private final Replicas workers;
  private final InstantSource clock;
  private final Consumer<Event> timeline;
  private final Poller poller;
  private @Nullable Known seen;

  /** What a change is told by: a revision alone is none. */
  private record Known(
      List<String> registered, List<String> ready, Map<String, List<String>> byGateway) {}

  CacheObserver(
      ServiceEtcd etcd,
      Replicas gateways,
      Replicas workers,
      Duration apart,
      InstantSource clock,
      Consumer<Event> timeline) {
    this.etcd = etcd;
    this.gateways = gateways;
    this.workers = workers;
    this.clock = clock;
    this.timeline = timeline;
    this.poller = new Poller(NAME, apart, clock, timeline, this::look);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void begin() {
    poller.begin();
  }

  @Override
  public void end() {
    seen = null; // the last state is told in any case, with the revisions of now
    poller.now();
    poller.close();
  }

  private void look(Instant since) {
    var ready = workers.now().stream().filter(Replica::ready).map(Replica::pod).sorted().toList();
    var registered =
        etcd.list(ServiceEtcd.WORKERS, 0).entries().stream()
            .filter(e -> ServiceEtcd.json(e.value()).path("state").asString("").equals("ready"))
            .map(entry -> entry.key().substring(ServiceEtcd.WORKERS.length()))
            .sorted()
            .toList();
    var caches = ServiceEtcd.atOnce(gateways.now(), CacheObserver::cache);
    var now = clock.instant();
    var known =
        new Known(
            registered,
            ready,
            caches.stream()
                .collect(
                    Collectors.toMap(
                        Cache::pod, c -> c.why() == null ? c.workers() : List.of("?"))));
    if (!known.equals(seen)) {
      seen = known;
      timeline.accept(
          new Event.CachesChanged(
              Stamp.seen(now, NAME, Duration.between(since, now)), registered, ready, caches));
    }
  }

  private static Cache cache(Replica gateway) {
    try {
      JsonNode told = gateway.api().get(ASKED, Map.of());
      if (!told.path("workers").isArray()) {
        throw new ObservationException("it does not tell its workers at " + ASKED);
      }
      return new Cache(
          gateway.pod(),
          told.path("workers").valueStream().map(JsonNode::asString).sorted().toList(),
          told.path("revision").asLong(0),
          null);
    } catch (ObservationException e) {
      return new Cache(gateway.pod(), List.of(), 0, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    poller.close();
  }
}
