package dev.muster.cluster.preflight;

import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Snapshot;
import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillFile;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A cluster made up for a test: service {@code s} on nodes of 2 cores, 3 GiB and 10 pods. */
public final class Stage {
  private final List<Node> nodes = new ArrayList<>();
  private final List<Pod> pods = new ArrayList<>();
  private final List<PodDisruptionBudget> budgets = new ArrayList<>();
  private final Map<String, Map<String, String>> namespaces =
      new TreeMap<>(Map.of("s", Map.of(), "kube-system", Map.of()));
  private final Map<String, Snapshot.Workload> workloads = new HashMap<>();

  /** Three nodes, one in each zone, and one for tools. */
  public static Stage ofThree() {
    return new Stage()
        .node("node-1", "topology.kubernetes.io/zone: a")
        .node("node-2", "topology.kubernetes.io/zone: b")
        .node("node-3", "topology.kubernetes.io/zone: c")
        .node("ops", "muster.dev/role: ops");
  }

  public Stage node(String name, String labels) {
    return node(name, labels, "");
  }

  /**
   * @param labels the inside of a YAML flow mapping
   * @param spec likewise
   */
  public Stage node(String name, String labels, String spec) {
    nodes.add(
        Serialization.unmarshal(
            """
            metadata: {name: %s, labels: {kubernetes.io/hostname: %s, %s}}
            spec: {%s}
            status:
              allocatable: {cpu: "2", memory: 3Gi, ephemeral-storage: 20Gi, pods: "10"}
              conditions: [{type: Ready, status: "True"}]
            """
                .formatted(name, name, labels, spec),
            Node.class));
    return this;
  }

  Stage changedNode(String name, UnaryOperator<Node> change) {
    nodes.replaceAll(n -> n.getMetadata().getName().equals(name) ? change.apply(n) : n);
    return this;
  }

  public Stage pod(String name, String app, String node) {
    return pod(name, "s", "app: " + app + ", app.kubernetes.io/component: " + app, node, "");
  }

  /**
   * A replica of a ReplicaSet named as the value of its first label.
   *
   * @param spec more of it, as the inside of a YAML flow mapping; what is not in it is as usual
   */
  public Stage pod(String name, String namespace, String labels, String node, String spec) {
    String app = labels.substring(labels.indexOf(": ") + 2).replaceAll(",.*", "");
    List<String> fields = new ArrayList<>(List.of("nodeName: " + node));
    if (!spec.contains("containers: ")) {
      fields.add("containers: [{name: c, resources: {requests: {cpu: '1'}}}]");
    }
    if (!spec.contains("tolerations: ")) {
      fields.add(
          "tolerations: [{key: node.kubernetes.io/unreachable, effect: NoExecute,"
              + " tolerationSeconds: 30}]");
    }
    if (!spec.isEmpty()) {
      fields.add(spec);
    }
    pods.add(
        Serialization.unmarshal(
            """
            metadata:
              name: %s
              namespace: %s
              labels: {%s}
              ownerReferences: [{kind: ReplicaSet, name: %s, uid: %s}]
            spec: {%s}
            status: {phase: Running, podIP: 10.244.0.9, conditions: [{type: Ready, status: "True"}]}
            """
                .formatted(name, namespace, labels, app, app, String.join(", ", fields)),
            Pod.class));
    return this;
  }

  /** One that is not made up here. */
  Stage pod(Pod pod) {
    pods.add(pod);
    return this;
  }

  Stage node(Node node) {
    nodes.add(node);
    return this;
  }

  public Stage changedPod(String name, UnaryOperator<Pod> change) {
    pods.replaceAll(p -> Pods.name(p).equals(name) ? change.apply(p) : p);
    return this;
  }

  public Stage without(String pod) {
    pods.removeIf(p -> Pods.name(p).equals(pod));
    return this;
  }

  Stage workload(String uid, String kind, int replicas) {
    workloads.put(uid, new Snapshot.Workload(kind, "s", uid, replicas));
    return this;
  }

  public Stage namespace(String name, Map<String, String> labels) {
    namespaces.put(name, labels);
    return this;
  }

  /** Of two pods that there are to be, and are. */
  Stage budget(String name, String app, int allowed) {
    budgets.add(
        Serialization.unmarshal(
            """
            metadata: {name: %s, namespace: s}
            spec: {selector: {matchLabels: {app: %s}}}
            status: {disruptionsAllowed: %d, currentHealthy: 2, desiredHealthy: %d, expectedPods: 2}
            """
                .formatted(name, app, allowed, 2 - allowed),
            PodDisruptionBudget.class));
    return this;
  }

  public Snapshot snapshot() {
    return new Snapshot(nodes, pods, namespaces, budgets, workloads);
  }

  /** A drill on service {@code s} whose only fault is this. */
  public static Drill drill(String fault) {
    return drill(fault, "");
  }

  /**
   * @param more lines at the top of the file
   */
  public static Drill drill(String fault, String more) {
    return DrillFile.parse(
        """
        apiVersion: muster.dev/v1
        kind: Drill
        metadata: {name: d}
        target: {namespace: s, selector: {labelSelectors: {app: worker}}}
        load: {arrivals: {constant: 1/s}}
        faults: [%s]
        expect: {residue: none}
        %s
        """
            .formatted(fault, more),
        "d.yaml");
  }
}
