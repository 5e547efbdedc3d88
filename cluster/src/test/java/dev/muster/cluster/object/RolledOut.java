package dev.muster.cluster.object;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;

/** Workloads made up for tests: all that is wanted is there, until somebody says otherwise. */
public final class RolledOut {
  private RolledOut() {}

  public static Deployment deployment(String name, int replicas) {
    return deployment(name, replicas, "app: " + name);
  }

  /**
   * @param labels its own; its pods have {@code app} alone
   */
  public static Deployment deployment(String name, int replicas, String labels) {
    return Serialization.unmarshal(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %1$s, namespace: s, labels: {%3$s}, annotations: {deployment.kubernetes.io/revision: "4"}}
        spec:
          replicas: %2$d
          selector: {matchLabels: {app: %1$s}}
          template:
            metadata: {labels: {app: %1$s}}
            spec: {containers: [{name: main, image: 'main:1'}, {name: side, image: 'side:1'}]}
        status: {observedGeneration: 1000, replicas: %2$d, updatedReplicas: %2$d, availableReplicas: %2$d, readyReplicas: %2$d}
        """
            .formatted(name, replicas, labels),
        Deployment.class);
  }

  public static StatefulSet statefulSet(String name, int replicas, String strategy) {
    return Serialization.unmarshal(
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: %1$s, namespace: s, labels: {app: %1$s}}
        spec:
          replicas: %2$d
          updateStrategy: %3$s
          selector: {matchLabels: {app: %1$s}}
          template:
            metadata: {labels: {app: %1$s}, annotations: {a: b}}
            spec: {containers: [{name: main, image: 'main:1'}]}
        status: {observedGeneration: 1000, replicas: %2$d, updatedReplicas: %2$d, readyReplicas: %2$d, updateRevision: %1$s-1}
        """
            .formatted(name, replicas, strategy),
        StatefulSet.class);
  }

  /** The same with what its controller tells now. */
  public static <W extends HasMetadata> W told(W workload, int replicas, int updated, int ready) {
    if (workload instanceof Deployment d) {
      d.getStatus().setReplicas(replicas);
      d.getStatus().setUpdatedReplicas(updated);
      d.getStatus().setAvailableReplicas(ready);
      d.getStatus().setReadyReplicas(ready);
    } else if (workload instanceof StatefulSet s) {
      s.getStatus().setReplicas(replicas);
      s.getStatus().setUpdatedReplicas(updated);
      s.getStatus().setReadyReplicas(ready);
    }
    return workload;
  }
}
