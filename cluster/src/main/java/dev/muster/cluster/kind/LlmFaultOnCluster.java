package dev.muster.cluster.kind;

import dev.muster.cluster.fault.GrayFaults;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.LlmDeed;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.cluster.fault.Rights;
import dev.muster.cluster.fault.Rights.Right;
import dev.muster.drill.kind.LlmFault;
import dev.muster.drill.port.ApiDeed;
import dev.muster.drill.port.ApiUndo;
import dev.muster.drill.port.Effect;
import dev.muster.observe.llm.LlmDegraded;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A gray failure that a pod is asked for, and shows in its answers. */
public final class LlmFaultOnCluster implements OnCluster.ByPod<LlmFault> {

  @Override
  public Class<LlmFault> kind() {
    return LlmFault.class;
  }

  @Override
  public Optional<String> trouble(LlmFault kind, KubernetesClient client, Pod pod) {
    return GrayFaults.of(client, pod, kind).trouble();
  }

  @Override
  public ApiDeed deed(LlmFault kind, InjectionContext at, Duration ttl) {
    return new LlmDeed(
        GrayFaults.of(at.probe(), at.victim(), kind), LlmDeed.id(at.run(), at.fault()), kind, ttl);
  }

  @Override
  public ApiUndo left(KubernetesClient client, Map<String, String> undo) {
    return new Left(
        GrayFaults.of(client, undo), Objects.requireNonNull(undo.get("id"), "looked for by of"));
  }

  private record Left(GrayFaults faults, String id) implements ApiUndo {
    @Override
    public void undo() {
      faults.end(id);
    }

    @Override
    public boolean undone() {
      return !faults.has(id);
    }
  }

  /**
   * The pod is told its failure and is asked for answers: POST is "create" to RBAC. Of Secrets it
   * is the one with the token.
   */
  @Override
  public List<Right> rights(LlmFault kind, Set<String> namespaces) {
    return namespaces.stream()
        .flatMap(n ->
            Stream.of(
                    Right.of(Rights.CORE, "pods", n, "get"),
                    Right.of(Rights.CORE, "pods/proxy", n, "create", "get", "delete"),
                    List.of(new Right("get", Rights.CORE, "secrets", n, kind.tokenSecret())))
                .flatMap(List::stream))
        .toList();
  }

  @Override
  public Effect effect(LlmFault kind, InjectionContext at) {
    return new LlmDegraded(
        at.probe(),
        at.victim(),
        kind,
        at.run() + " " + at.fault(),
        at.model(),
        LlmDegraded.Waits.USUAL);
  }
}
