package dev.muster.cluster.fault;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.fault.Rights.Right;
import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.port.ApiDeed;
import dev.muster.drill.port.ApiUndo;
import dev.muster.drill.port.Effect;
import dev.muster.wire.DeedSpec;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A kind of fault on a real cluster: who sees it, what it must be allowed, who does it. One class a
 * kind in {@code dev.muster.cluster.kind}, and a line in {@code META-INF/services}, by which {@link
 * KindsOnCluster} finds it.
 */
public interface OnCluster<K extends FaultKind> {

  Class<K> kind();

  /** How it is seen without having injected it. */
  Effect effect(K kind, InjectionContext at);

  /**
   * What it must be allowed, beside what agents and looks need.
   *
   * @param namespaces where its selector looks for pods
   */
  default List<Right> rights(K kind, Set<String> namespaces) {
    return List.of();
  }

  /** Done by the power provider; the site has it. */
  interface ByPower<K extends FaultKind> extends OnCluster<K> {}

  /** Done by an agent on the node. */
  interface ByAgent<K extends FaultKind> extends OnCluster<K> {

    /**
     * What its agent is told to do.
     *
     * @param told knows what only the cluster knows
     * @param node the victim, or the victim's node
     * @param pod the victim where it is a pod
     */
    DeedSpec deed(K kind, AgentArguments told, String node, Optional<Pod> pod);
  }

  /** Done and undone by objects in the API server; they carry Muster's label where they last. */
  interface ThroughApi<K extends FaultKind> extends OnCluster<K> {

    ApiDeed deed(K kind, InjectionContext at, Duration ttl);

    @Override
    List<Right> rights(K kind, Set<String> namespaces);
  }

  /** Done by the controller of a Deployment or StatefulSet, which is asked by a change of it. */
  interface OfWorkloads<K extends FaultKind> extends ThroughApi<K> {

    /**
     * Why the workload would not do it now; empty where it would.
     *
     * @throws ClusterException if the kind asks for what it does not have
     */
    Optional<String> trouble(K kind, KubernetesClient client, HasMetadata workload);
  }

  /** Done by the pod itself, which is asked through the API server; no audit sees it there. */
  interface ByPod<K extends FaultKind> extends ThroughApi<K> {

    /** Why a pod would not do it now; empty where it would. */
    Optional<String> trouble(K kind, KubernetesClient client, Pod pod);

    /**
     * What another process ends.
     *
     * @param undo what the deed's identity said to the journal
     * @throws ClusterException if that is not all
     */
    ApiUndo left(KubernetesClient client, Map<String, String> undo);
  }
}
