package dev.muster.observe.effect;

import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.KindsOnCluster;
import dev.muster.cluster.run.AgentPods;
import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.port.Effect;
import dev.muster.drill.time.Time;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;

/**
 * Who sees the effect of which fault without having injected it.
 *
 * @param probe does not try again: what it is told once is what it says
 * @param pods makes the pods of probes
 * @param model by which an LLM service is asked for answers
 * @param protectedNamespaces whose pods no fault may touch
 */
public record Effects(
    KubernetesClient probe,
    AgentPods pods,
    Time time,
    String model,
    List<String> protectedNamespaces) {

  public Effect of(
      FaultKind kind, String fault, String node, Optional<Pod> victim, List<Pod> peers) {
    return of(kind, at(fault, node, victim, peers));
  }

  public Effect of(FaultKind kind, InjectionContext at) {
    return new ErrorTranslatingEffect(KindsOnCluster.of(kind).effect(kind, at));
  }

  /** As {@link InjectionContext} has them. */
  public InjectionContext at(String fault, String node, Optional<Pod> victim, List<Pod> peers) {
    return new InjectionContext(
        probe,
        pods,
        time,
        model,
        protectedNamespaces,
        fault,
        node,
        victim,
        peers,
        Optional.empty());
  }

  /** Of a fault of workloads. */
  public InjectionContext at(String fault, HasMetadata workload) {
    return new InjectionContext(
        probe,
        pods,
        time,
        model,
        protectedNamespaces,
        fault,
        "",
        Optional.empty(),
        List.of(),
        Optional.of(workload));
  }
}
