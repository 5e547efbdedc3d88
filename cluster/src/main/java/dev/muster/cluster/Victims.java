package dev.muster.cluster;

import dev.muster.drill.Drill;
import dev.muster.drill.NearestName;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Chooses the node to take away. */
public final class Victims {
  private final KubernetesClient client;
  private final Drill drill;

  public Victims(KubernetesClient client, Drill drill) {
    this.client = client;
    this.drill = drill;
  }

  /**
   * The node whose loss hurts most: one that carries the only pod of a workload of the service (the
   * target's namespace), else the one with most target pods; of equals the first by name.
   *
   * @throws TargetException if the drill names pods or a node that are not there
   */
  public String choose() {
    Drill.Target target = drill.target();
    // a pod that leaves anyway is nothing that a node can lose
    List<Pod> all =
        client.pods().inNamespace(target.namespace()).list().getItems().stream()
            .filter(p -> !Pods.terminating(p))
            .toList();
    List<Pod> pods = all.stream().filter(p -> matches(p, target.labelSelectors())).toList();
    if (pods.isEmpty()) {
      throw new TargetException(
          "/target/selector/labelSelectors",
          "%s matches no pod in namespace %s; %s"
              .formatted(text(target), target.namespace(), instead(all, target)));
    }
    String named = drill.faults().getFirst().node();
    if (named != null) {
      return eligible(named);
    }
    Map<String, Long> targets =
        pods.stream()
            .filter(p -> p.getSpec().getNodeName() != null)
            .collect(Collectors.groupingBy(p -> p.getSpec().getNodeName(), Collectors.counting()));
    Set<String> alone = aloneOn(all);
    return Stream.concat(targets.keySet().stream(), alone.stream())
        .distinct()
        .filter(node -> !protectedNode(node))
        .max(
            Comparator.comparing((String node) -> alone.contains(node))
                .thenComparing(node -> targets.getOrDefault(node, 0L))
                .thenComparing(Comparator.reverseOrder()))
        .orElseThrow(() -> new ClusterException("all target pods are on protected nodes"));
  }

  private String eligible(String name) {
    if (client.nodes().withName(name).get() == null) {
      List<String> names =
          client.nodes().list().getItems().stream().map(n -> n.getMetadata().getName()).toList();
      throw new TargetException(
          "/faults/0/selector/nodes/0",
          "no node %s%s"
              .formatted(
                  name,
                  NearestName.to(name, names)
                      .map(n -> "; did you mean " + n + "?")
                      .orElse("; there are " + names)));
    }
    if (protectedNode(name)) {
      throw new TargetException(
          "/faults/0/selector/nodes/0",
          "node " + name + " is protected (control plane, or labelled muster.dev/role=ops)");
    }
    return name;
  }

  private boolean protectedNode(String name) {
    Node node = client.nodes().withName(name).get();
    Map<String, String> labels = node.getMetadata().getLabels();
    return labels.containsKey("node-role.kubernetes.io/control-plane")
        || labels.containsKey("node-role.kubernetes.io/master")
        || "ops".equals(labels.get("muster.dev/role"));
  }

  /** Nodes that carry the only pod of a workload. */
  private static Set<String> aloneOn(List<Pod> pods) {
    return pods.stream()
        .filter(p -> p.getSpec().getNodeName() != null && replicated(p))
        .collect(
            Collectors.groupingBy(p -> p.getMetadata().getOwnerReferences().getFirst().getUid()))
        .values()
        .stream()
        .filter(group -> group.size() == 1)
        .map(group -> group.getFirst().getSpec().getNodeName())
        .collect(Collectors.toSet());
  }

  /** Jobs end by themselves and a DaemonSet's pod belongs to its node: nobody misses them. */
  private static boolean replicated(Pod pod) {
    return pod.getMetadata().getOwnerReferences().stream()
        .anyMatch(o -> o.getKind().equals("ReplicaSet") || o.getKind().equals("StatefulSet"));
  }

  public static boolean matches(Pod pod, Map<String, String> selector) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels != null && labels.entrySet().containsAll(selector.entrySet());
  }

  /** What was probably meant, or what there is. */
  private static String instead(List<Pod> pods, Drill.Target target) {
    Set<String> labels =
        pods.stream()
            .flatMap(p -> p.getMetadata().getLabels().entrySet().stream())
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.toCollection(java.util.TreeSet::new));
    if (labels.isEmpty()) {
      return "there are no pods in it";
    }
    return target.labelSelectors().entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .filter(l -> !labels.contains(l))
        .flatMap(l -> NearestName.to(l, labels).stream())
        .findFirst()
        .map(l -> "did you mean " + l + "?")
        .orElse("its pods have " + labels);
  }

  private static String text(Drill.Target target) {
    return target.labelSelectors().entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(", "));
  }
}
