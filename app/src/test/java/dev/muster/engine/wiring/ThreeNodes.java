package dev.muster.engine.wiring;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** The objects of a cluster with three nodes, each with a pod of the target. */
final class ThreeNodes {
  private static final String CLUSTER =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: s, labels: {a: b}}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: deepseek-faults, namespace: s}
      data: {token: eA==}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: other, namespace: s}
      data: {token: eA==}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: kubernetes, namespace: default}
      spec: {clusterIP: 10.96.0.1}
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: kubernetes, namespace: default, labels: {kubernetes.io/service-name: kubernetes}}
      addressType: IPv4
      endpoints: [{addresses: [10.0.0.9]}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: w, namespace: s}
      spec:
        replicas: 3
        selector: {matchLabels: {app: w}}
        template: {metadata: {labels: {app: w}}, spec: {containers: [{name: c, image: 'c:1'}]}}
      status: {observedGeneration: 1000, replicas: 3, updatedReplicas: 3, availableReplicas: 3, readyReplicas: 3}
      """;

  private static final String NODE =
      """
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n%1$s}
      spec: {podCIDRs: [10.244.%1$s.0/24]}
      status:
        addresses: [{type: InternalIP, address: 10.0.0.%1$s}]
        allocatable: {cpu: "4", memory: 8Gi, pods: "10"}
        capacity: {cpu: "4"}
        conditions: [{type: Ready, status: "True"}]
        nodeInfo: {bootID: x}
      ---
      apiVersion: coordination.k8s.io/v1
      kind: Lease
      metadata: {name: n%1$s, namespace: kube-node-lease}
      spec: {renewTime: "2026-01-01T00:00:00.000000Z"}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: w%1$s, namespace: s, labels: {app: w}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: w, uid: w}]}
      spec:
        nodeName: n%1$s
        containers: [{name: c, ports: [{containerPort: 80}]}]
        tolerations: [{key: node.kubernetes.io/unreachable, effect: NoExecute, tolerationSeconds: 30}]
      status:
        phase: Running
        podIP: 10.244.%1$s.2
        conditions: [{type: Ready, status: "True"}]
        containerStatuses: [{name: c, containerID: "containerd://a%1$s", state: {running: {}}, restartCount: 0}]
      """;

  private ThreeNodes() {}

  /**
   * @param extra objects besides
   */
  static void create(KubernetesClient owner, String extra) {
    String all =
        CLUSTER + Stream.of("1", "2", "3").map(NODE::formatted).reduce("", String::concat) + extra;
    owner
        .load(new ByteArrayInputStream(all.getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(o -> owner.resource(o).create());
  }
}
