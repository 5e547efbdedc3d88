package dev.muster.cluster.fault;

import dev.muster.cluster.object.KubeletView;
import dev.muster.cluster.run.AgentPods;
import dev.muster.drill.time.Time;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;

/**
 * One fault at one victim, and how it is reached.
 *
 * @param probe does not try again: what it is told once is what it says
 * @param pods makes the pods of probes
 * @param model by which an LLM service is asked for answers
 * @param protectedNamespaces whose pods no fault may touch
 * @param fault id, unique in the run
 * @param node the victim, or the victim's node; empty for faults of workloads
 * @param pod the victim; empty for faults of nodes and of workloads
 * @param peers from which the victim is cut off; empty where the fault names none
 * @param chosen the victim where it is a workload, as it was chosen
 */
public record InjectionContext(
    KubernetesClient probe,
    AgentPods pods,
    Time time,
    String model,
    List<String> protectedNamespaces,
    String fault,
    String node,
    Optional<Pod> pod,
    List<Pod> peers,
    Optional<HasMetadata> chosen) {

  public KubernetesClient client() {
    return pods.client();
  }

  public String run() {
    return pods.namespace().run();
  }

  /** Another for each fault of each run; what a fault changes of others carries it. */
  public String mark() {
    return AgentArguments.id(run(), fault);
  }

  /** Of a fault of pods. */
  public Pod victim() {
    return pod.orElseThrow();
  }

  /** Of a fault of workloads. */
  public HasMetadata workload() {
    return chosen.orElseThrow();
  }

  public KubeletView kubelet() {
    return new KubeletView(probe, node);
  }
}
