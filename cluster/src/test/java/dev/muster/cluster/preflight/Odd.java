package dev.muster.cluster.preflight;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;

/** Objects as other people's clusters have them: what is usual is not said of them. */
public final class Odd {
  private static final List<String> PODS =
      List.of(
          """
          metadata: {name: pending, labels: {app: worker}, ownerReferences: [{kind: ReplicaSet, name: worker, uid: worker}]}
          spec: {containers: [{name: c}]}
          status: {phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: Unschedulable}]}
          """,
          """
          metadata: {name: pending-member, ownerReferences: [{kind: StatefulSet, name: db, uid: db}]}
          spec: {nodeName: "", containers: [{name: c}], affinity: {podAntiAffinity: {}}}
          """,
          """
          metadata: {name: bare, labels: {app: worker}}
          spec: {nodeName: node-1, containers: [{name: c}]}
          """,
          """
          metadata: {name: empty}
          spec: {nodeName: node-1, containers: [{}]}
          status: {}
          """,
          """
          metadata: {name: "null", labels: null, annotations: null, ownerReferences: null}
          spec: {nodeName: null, tolerations: null, volumes: null, containers: [{name: c, ports: null, command: null, args: null}]}
          status: {phase: null, conditions: null, containerStatuses: null, podIP: null}
          """,
          """
          metadata: {name: starting, labels: {app: worker, app.kubernetes.io/component: worker}}
          spec: {nodeName: node-2, containers: [{name: c, ports: [{name: client}]}]}
          status: {conditions: [{}], containerStatuses: [{name: c}, {name: d, state: {}}]}
          """,
          """
          metadata: {name: orphan, labels: {app: worker}}
          spec: {nodeName: a-node-that-is-gone, containers: [{name: c}]}
          status: {phase: Running}
          """);

  private static final List<String> NODES =
      List.of(
          """
          metadata: {name: virtual, labels: {type: virtual-kubelet, kubernetes.io/hostname: other}}
          spec: {taints: [{key: virtual-kubelet.io/provider, value: cloud, effect: NoSchedule}]}
          status: {conditions: [{type: Ready, status: "True"}], allocatable: {cpu: "1000", pods: "1000"}}
          """,
          """
          metadata: {name: outside}
          spec: {}
          status: {conditions: [{type: Ready, status: "True"}], addresses: [{type: ExternalIP, address: 203.0.113.9}]}
          """,
          "metadata: {name: bare}\n",
          """
          metadata: {name: "null", labels: null}
          spec: {taints: null, podCIDRs: null, unschedulable: null}
          status: {conditions: null, addresses: null, allocatable: null, capacity: null, nodeInfo: null}
          """,
          """
          metadata: {name: coming}
          spec: {taints: [{key: node.kubernetes.io/not-ready, effect: NoSchedule}]}
          status: {conditions: [{type: Ready}], nodeInfo: {}}
          """);

  private Odd() {}

  /** In namespace {@code s}; one that has not said so lives on no node. */
  public static List<Pod> pods() {
    return PODS.stream()
        .map(yaml -> Serialization.unmarshal("apiVersion: v1\nkind: Pod\n" + yaml, Pod.class))
        .map(pod -> with(pod, "s"))
        .toList();
  }

  public static List<Node> nodes() {
    return NODES.stream()
        .map(yaml -> Serialization.unmarshal("apiVersion: v1\nkind: Node\n" + yaml, Node.class))
        .toList();
  }

  private static <T extends HasMetadata> T with(T object, String namespace) {
    object.getMetadata().setNamespace(namespace);
    object.getMetadata().setUid("uid-" + object.getMetadata().getName());
    return object;
  }
}
