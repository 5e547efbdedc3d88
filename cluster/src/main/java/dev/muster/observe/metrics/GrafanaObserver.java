package dev.muster.observe.metrics;

import dev.muster.cluster.fault.ObserverOnCluster;
import dev.muster.cluster.fault.Rights.Right;
import dev.muster.drill.Drill;
import dev.muster.drill.observer.Grafana;
import dev.muster.drill.port.Observer;
import dev.muster.observe.ask.JsonApi;
import dev.muster.timeline.Event;
import dev.muster.timeline.file.TimelineFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The phases and faults of a run as annotations of Grafana, so that they stand in the user's own
 * dashboards. Written at the end, when it is known how long each took.
 */
public final class GrafanaObserver implements Observer {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final JsonApi grafana;
  private final Path runFolder;
  private final String drill;

  public GrafanaObserver(JsonApi grafana, Path runFolder, Drill drill) {
    this.grafana = grafana;
    this.runFolder = runFolder;
    this.drill = drill.metadata().name();
  }

  @Override
  public String name() {
    return "grafana";
  }

  @Override
  public void end() {
    for (ObjectNode annotation : annotations(drill, TimelineFile.read(runFolder).events())) {
      grafana.post("/api/annotations", annotation);
    }
  }

  /** One with a beginning and an end for each phase and each fault that has both. */
  static List<ObjectNode> annotations(String drill, List<Event> events) {
    List<ObjectNode> all = new ArrayList<>();
    Map<String, Instant> began = new HashMap<>();
    for (Event event : events) {
      switch (event) {
        case Event.PhaseStarted e -> began.put(e.phase(), e.stamp().at());
        case Event.PhaseEnded e -> {
          Instant from = began.getOrDefault(e.phase(), e.stamp().at());
          all.add(annotation(drill, "phase", e.phase(), from, e.stamp().at()));
        }
        case Event.FaultInjected e ->
            all.add(
                annotation(
                    drill,
                    "fault",
                    e.kind() + " of " + e.victim(),
                    e.stamp().at(),
                    undone(e, events)));
        default -> {
          // not a stretch of time
        }
      }
    }
    return all;
  }

  private static Instant undone(Event.FaultInjected fault, List<Event> events) {
    return events.stream()
        .filter(e -> e instanceof Event.FaultReverted r && r.fault().equals(fault.fault()))
        .map(e -> e.stamp().at())
        .findFirst()
        .orElse(fault.stamp().at());
  }

  private static ObjectNode annotation(
      String drill, String kind, String text, Instant from, Instant to) {
    ObjectNode node =
        MAPPER
            .createObjectNode()
            .put("time", from.toEpochMilli())
            .put("timeEnd", to.toEpochMilli())
            .put("text", text);
    node.putArray("tags").add("muster").add(drill).add(kind);
    return node;
  }

  /** Of each drill that names a Grafana. */
  public static final class OnCluster implements ObserverOnCluster {

    @Override
    public Stream<? extends Observer> of(Run run) {
      return run
          .drill()
          .watcher(Grafana.class)
          .map(g ->
              JsonApi.of(g.place(), run.probe(), run.environment().get("MUSTER_GRAFANA_TOKEN")))
          .map(api -> new GrafanaObserver(api, run.folder(), run.drill()))
          .stream();
    }

    @Override
    public List<Right> rights(Drill drill) {
      return drill
          .watcher(Grafana.class)
          .map(g -> Right.of(g.place(), "get", "create"))
          .orElse(List.of());
    }
  }
}
