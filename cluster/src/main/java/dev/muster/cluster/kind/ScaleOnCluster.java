package dev.muster.cluster.kind;

import dev.muster.cluster.connect.Pages;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.cluster.fault.Rights;
import dev.muster.cluster.fault.Rights.Right;
import dev.muster.cluster.fault.WorkloadDeed;
import dev.muster.cluster.object.WorkloadMark;
import dev.muster.cluster.object.Workloads;
import dev.muster.drill.kind.Scale;
import dev.muster.drill.port.ApiDeed;
import dev.muster.drill.port.Effect;
import dev.muster.observe.effect.WorkloadChanged;
import dev.muster.timeline.ObjectRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Another number of replicas, and as many pods that are ready and none that leaves. */
public final class ScaleOnCluster implements OnCluster.OfWorkloads<Scale> {

  @Override
  public Class<Scale> kind() {
    return Scale.class;
  }

  @Override
  public ApiDeed deed(Scale kind, InjectionContext at, Duration ttl) {
    return new WorkloadDeed(at.client(), at.workload(), at.mark(), fields(kind), kind.timeout());
  }

  @Override
  public Effect effect(Scale kind, InjectionContext at) {
    return new WorkloadChanged(
        at.probe(), at.workload(), at.mark(), fields(kind), true, at.time(), kind.timeout());
  }

  private static Map<String, String> fields(Scale kind) {
    return Map.of(WorkloadMark.REPLICAS, Integer.toString(kind.replicas()));
  }

  @Override
  public Optional<String> trouble(Scale kind, KubernetesClient client, HasMetadata workload) {
    ObjectRef.Workload scaled = Workloads.ref(workload);
    if (Workloads.replicas(workload) == kind.replicas()) {
      return Optional.of(
          "%s has %d replicas already: nothing would change"
              .formatted(scaled.path(), kind.replicas()));
    }
    Optional<String> autoscaler = autoscaler(client, scaled);
    if (autoscaler.isPresent()) {
      return Optional.of(
          "%s is scaled by the HorizontalPodAutoscaler %s, which would undo it; take another workload"
              .formatted(scaled.path(), autoscaler.get()));
    }
    return kind.replicas() == 0
        ? Optional.of(
            "%s would have no pod left: nothing of it would answer; scale it to 1 or more"
                .formatted(scaled.path()))
        : Optional.empty();
  }

  /** The name of who scales it by itself. */
  private static Optional<String> autoscaler(KubernetesClient client, ObjectRef.Workload scaled) {
    return Pages.all(
            client.autoscaling().v2().horizontalPodAutoscalers().inNamespace(scaled.namespace()))
        .stream()
        .filter(h -> {
          var target = h.getSpec().getScaleTargetRef();
          return target.getKind().equals(scaled.kind()) && target.getName().equals(scaled.name());
        })
        .map(h -> h.getMetadata().getName())
        .findFirst();
  }

  /**
   * Of the workload itself: the mark is a label of it, so that its subresource scale would be one
   * right more.
   */
  @Override
  public List<Right> rights(Scale kind, Set<String> namespaces) {
    return Stream.concat(
            Rights.ofWorkloads(namespaces).stream(),
            namespaces.stream()
                .flatMap(n ->
                    Right.of(Rights.AUTOSCALING, "horizontalpodautoscalers", n, "list").stream()))
        .toList();
  }
}
