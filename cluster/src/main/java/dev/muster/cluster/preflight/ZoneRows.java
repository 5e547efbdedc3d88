package dev.muster.cluster.preflight;

import dev.muster.cluster.object.Amounts;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Snapshot;
import dev.muster.cluster.preflight.PreflightTable.Level;
import dev.muster.cluster.preflight.PreflightTable.Row;
import dev.muster.cluster.preflight.PreflightTable.Topic;
import dev.muster.cluster.select.NodeSelectorTerms;
import dev.muster.cluster.select.PodSelectorTerms;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a cluster would hold with one zone less, whichever that is: for each workload of the service
 * where its replicas are and whether some would be left, for each zone whether the others have the
 * room. Only ready replicas count; a node that says no zone is in none, and stays.
 */
public final class ZoneRows {
  private static final String COMPONENT = "app.kubernetes.io/component";

  private final Snapshot snapshot;
  private final Map<String, String> zoneOf;
  private final Set<String> zones;

  private ZoneRows(Snapshot snapshot) {
    this.snapshot = snapshot;
    zoneOf = new TreeMap<>();
    for (Node node : snapshot.nodes()) {
      Pods.zone(node).ifPresent(zone -> zoneOf.put(NodeSelectorTerms.name(node), zone));
    }
    zones = new TreeSet<>(zoneOf.values());
  }

  /**
   * One for each workload of the namespace that is no node's own, then one for each zone that
   * carries pods which would have to move.
   *
   * @param namespace of the service
   */
  public static List<Row> of(Snapshot snapshot, String namespace) {
    ZoneRows zones = new ZoneRows(snapshot);
    List<Row> rows = new ArrayList<>();
    zones.workloads(namespace).forEach((name, pods) -> rows.add(zones.workload(name, pods)));
    zones.zones.forEach(zone -> zones.room(zone).ifPresent(rows::add));
    return rows;
  }

  private Map<String, List<Pod>> workloads(String namespace) {
    return snapshot.living().stream()
        .filter(p -> PodSelectorTerms.namespace(p).equals(namespace) && !Pods.ofNode(p))
        .filter(p -> snapshot.workload(p).isPresent())
        .collect(
            Collectors.groupingBy(
                p -> namespace + "/" + snapshot.workload(p).orElseThrow(),
                TreeMap::new,
                Collectors.toList()));
  }

  private Row workload(String name, List<Pod> pods) {
    List<Pod> ready = pods.stream().filter(Pods::ready).toList();
    boolean etcd = pods.stream().allMatch(p -> "etcd".equals(Pods.labels(p).get(COMPONENT)));
    int replicas = snapshot.workload(pods.getFirst()).orElseThrow().replicas();
    List<String> fatal =
        zones.stream()
            .filter(zone -> pods.stream().anyMatch(p -> in(zone, p)))
            .filter(zone -> {
              long left = ready.stream().filter(p -> !in(zone, p)).count();
              return etcd ? 2 * left <= replicas : left == 0;
            })
            .toList();
    String verdict =
        fatal.isEmpty()
            ? "holds without any one of them"
            : (etcd ? "has no majority without zone " : "no ready replica is left without zone ")
                + String.join(", or without zone ", fatal);
    return new Row(
        fatal.isEmpty() ? Level.OK : Level.WARN,
        "",
        Topic.ZONE,
        name,
        null,
        null,
        "ready %s; %s; %s".formatted(placed(ready), verdict, spread(pods.getFirst())));
  }

  private boolean in(String zone, Pod pod) {
    return zone.equals(Pods.node(pod).map(zoneOf::get).orElse(""));
  }

  /** How many in each zone, those without any too. */
  private String placed(List<Pod> ready) {
    List<String> counts = new ArrayList<>();
    for (String zone : zones) {
      long there = ready.stream().filter(p -> in(zone, p)).count();
      counts.add("%d in %s".formatted(there, zone));
    }
    long elsewhere = ready.stream().filter(p -> zones.stream().noneMatch(z -> in(z, p))).count();
    if (elsewhere > 0 || counts.isEmpty()) {
      counts.add("%d in no zone".formatted(elsewhere));
    }
    return String.join(", ", counts);
  }

  /** What the pod asks of the scheduler, which alone keeps it as it is now. */
  private static String spread(Pod pod) {
    return Amounts.orNone(pod.getSpec().getTopologySpreadConstraints()).stream()
        .filter(c -> Pods.ZONE.equals(c.getTopologyKey()))
        .map(ZoneRows::words)
        .findFirst()
        .orElse("topologySpreadConstraints name no zones");
  }

  private static String words(TopologySpreadConstraint constraint) {
    return "spread over zones by maxSkew %d, %s"
        .formatted(
            constraint.getMaxSkew(),
            "ScheduleAnyway".equals(constraint.getWhenUnsatisfiable())
                ? "ScheduleAnyway"
                : "DoNotSchedule");
  }

  private Optional<Row> room(String zone) {
    Set<String> lost =
        zoneOf.entrySet().stream()
            .filter(e -> e.getValue().equals(zone))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    Headroom room = Headroom.of(snapshot, lost, Map.of());
    if (room.moving() == 0) {
      return Optional.empty();
    }
    boolean enough = room.missing().isEmpty();
    return Optional.of(
        new Row(
            enough ? Level.OK : Level.WARN,
            "",
            Topic.ZONE,
            "without zone " + zone,
            room.missing().size(),
            room.moving(),
            enough
                ? "the others hold the %d pods that have to move".formatted(room.moving())
                : "%d of %d pods find no place: %s"
                    .formatted(
                        room.missing().size(), room.moving(), String.join("; ", room.missing()))));
  }
}
