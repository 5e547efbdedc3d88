package dev.muster.cluster.preflight;

import dev.muster.cluster.fault.Evictable;
import dev.muster.cluster.object.Amounts;
import dev.muster.cluster.object.Labels;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Snapshot;
import dev.muster.cluster.preflight.PreflightTable.Level;
import dev.muster.cluster.preflight.PreflightTable.Row;
import dev.muster.cluster.preflight.PreflightTable.Topic;
import dev.muster.cluster.select.PodSelectorTerms;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What lives on a node that is to be lost, and what its loss means. */
final class NodeWorkloads {
  private static final Set<String> MONITORS = Set.of("prometheus", "alertmanager", "grafana");
  private static final List<String> NAMES = List.of("app.kubernetes.io/name", "app", "k8s-app");

  private NodeWorkloads() {}

  /**
   * @param drain who leaves the node while it lives; null: it is lost with all that it carries
   */
  static List<Row> rows(
      Snapshot snapshot, String node, @Nullable Evictable drain, Set<String> victims) {
    boolean drained = drain != null;
    List<Pod> here =
        snapshot.livingOn(node).stream().filter(p -> drain == null || drain.is(p)).toList();
    List<Row> rows = new ArrayList<>();
    workloads(snapshot, here)
        .forEach(
            (name, pods) -> rows.addAll(workload(snapshot, node, drained, victims, name, pods)));
    here.stream()
        .filter(p -> Pods.owner(p).isEmpty())
        .forEach(p ->
            rows.add(
                new Row(
                    Level.WARN,
                    node,
                    Topic.NOT_REPLACED,
                    object(p),
                    1,
                    1,
                    "belongs to no workload: once evicted, nobody makes it again")));
    service(snapshot, here, node, Topic.DNS, NodeWorkloads::dns, rows);
    service(snapshot, here, node, Topic.MONITORING, NodeWorkloads::monitor, rows);
    for (Pod pod : here) {
      String volumes = volumes(pod);
      if (!volumes.isEmpty() && !Pods.ofNode(pod)) {
        rows.add(new Row(Level.WARN, node, Topic.VOLUMES, object(pod), null, null, volumes));
      }
    }
    return rows;
  }

  /** Pods of workloads, by namespace and workload. */
  private static Map<String, List<Pod>> workloads(Snapshot snapshot, List<Pod> here) {
    return here.stream()
        .filter(p -> snapshot.workload(p).isPresent())
        .collect(
            Collectors.groupingBy(
                p -> PodSelectorTerms.namespace(p) + "/" + snapshot.workload(p).orElseThrow(),
                TreeMap::new,
                Collectors.toList()));
  }

  private static List<Row> workload(
      Snapshot snapshot,
      String node,
      boolean drained,
      Set<String> victims,
      String name,
      List<Pod> pods) {
    Pod first = pods.getFirst();
    if (Pods.ofNode(first)) {
      return List.of(
          new Row(
              Level.OK, node, Topic.WORKLOAD, name, pods.size(), null, "its node's own, stays"));
    }
    var workload = snapshot.workload(first).orElseThrow();
    int all = workload.replicas();
    List<Row> rows = new ArrayList<>();
    rows.add(
        new Row(
            Level.OK,
            node,
            Topic.WORKLOAD,
            name,
            pods.size(),
            all,
            "%d of %d replicas".formatted(pods.size(), all)));
    long lost =
        snapshot.living().stream()
            .filter(p -> Pods.on(p, victims))
            .filter(p -> snapshot.workload(p).filter(workload::equals).isPresent())
            .count();
    if (lost >= all) {
      rows.add(
          new Row(
              Level.WARN,
              node,
              Topic.ALL_REPLICAS,
              name,
              Math.toIntExact(lost),
              all,
              all == 1
                  ? "a single replica: nobody stands in for it until it is replaced"
                  : drained
                      ? "all %d replicas are on drained nodes: what its budget allows at once is away at once"
                          .formatted(all)
                      : "all %d replicas are lost at once".formatted(all)));
    }
    if (workload.kind().equals("StatefulSet") && !drained) {
      rows.add(
          new Row(
              Level.WARN,
              node,
              Topic.NOT_REPLACED,
              name,
              pods.size(),
              all,
              "a StatefulSet's pod is made again only when its node is back or its object deleted"));
    }
    return rows;
  }

  private static void service(
      Snapshot snapshot,
      List<Pod> here,
      String node,
      Topic topic,
      Predicate<Pod> serves,
      List<Row> rows) {
    int lost = Math.toIntExact(here.stream().filter(serves).count());
    int all = Math.toIntExact(snapshot.living().stream().filter(serves).count());
    if (lost > 0) {
      String names = here.stream().filter(serves).map(Pods::name).collect(Collectors.joining(", "));
      rows.add(
          new Row(
              Level.WARN,
              node,
              topic,
              names,
              lost,
              all,
              lost == all
                  ? "all of it: %s"
                      .formatted(
                          topic == Topic.DNS
                              ? "no name is resolved until it is replaced"
                              : "nobody watches the drill from inside the cluster")
                  : "%d of %d".formatted(lost, all)));
    }
  }

  private static boolean dns(Pod pod) {
    return PodSelectorTerms.namespace(pod).equals("kube-system")
        && "kube-dns".equals(Pods.labels(pod).get("k8s-app"));
  }

  private static boolean monitor(Pod pod) {
    return NAMES.stream()
        .anyMatch(n -> {
          String value = Pods.labels(pod).get(n);
          return value != null && MONITORS.contains(value);
        });
  }

  /** What of the pod's data does not move with it; empty if nothing. */
  private static String volumes(Pod pod) {
    boolean member = Pods.owner(pod).filter(o -> o.getKind().equals("StatefulSet")).isPresent();
    return Amounts.orNone(pod.getSpec().getVolumes()).stream()
        .flatMap(v -> kept(v, member))
        .collect(Collectors.joining("; "));
  }

  private static Stream<String> kept(Volume volume, boolean member) {
    if (volume.getPersistentVolumeClaim() != null) {
      return Stream.of(
          "claim %s: if it is local it stays, if it is attached it is free only after minutes"
              .formatted(volume.getPersistentVolumeClaim().getClaimName()));
    }
    if (volume.getHostPath() != null) {
      return Stream.of("path %s of the node stays".formatted(volume.getHostPath().getPath()));
    }
    return member && volume.getEmptyDir() != null
        ? Stream.of("emptyDir %s is lost once the pod is".formatted(volume.getName()))
        : Stream.empty();
  }

  /** Budgets of which the victims together take more than may be taken at once. */
  static List<Row> budgets(Snapshot snapshot, Set<String> victims, Map<String, Evictable> drained) {
    List<Row> rows = new ArrayList<>();
    boolean asked = drained.keySet().containsAll(victims);
    for (var budget : snapshot.budgets()) {
      String namespace = budget.getMetadata().getNamespace();
      int lost =
          Math.toIntExact(
              snapshot.living().stream()
                  .filter(p -> Pods.on(p, victims) && leaves(p, drained))
                  .filter(p -> PodSelectorTerms.namespace(p).equals(namespace))
                  .filter(p -> Labels.match(budget.getSpec().getSelector(), Pods.labels(p)))
                  .count());
      Integer told = budget.getStatus() == null ? null : budget.getStatus().getDisruptionsAllowed();
      int allowed = told == null ? 0 : told;
      if (lost > 0) {
        rows.add(
            new Row(
                lost > allowed ? Level.WARN : Level.OK,
                "",
                Topic.BUDGET,
                namespace + "/" + budget.getMetadata().getName(),
                lost,
                allowed,
                "loses %d, %d allowed%s"
                    .formatted(
                        lost,
                        allowed,
                        lost <= allowed
                            ? ""
                            : asked
                                ? "; the drain waits for the others"
                                : "; the loss of a node asks no budget")));
      }
    }
    return rows;
  }

  /** Where its node is drained, it must be meant. */
  private static boolean leaves(Pod pod, Map<String, Evictable> drained) {
    Evictable drain = drained.get(Pods.node(pod).orElse(""));
    return drain == null || drain.is(pod);
  }

  private static String object(Pod pod) {
    return PodSelectorTerms.namespace(pod) + "/" + Pods.name(pod);
  }
}
