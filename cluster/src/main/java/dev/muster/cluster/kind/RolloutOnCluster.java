package dev.muster.cluster.kind;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.cluster.fault.Rights;
import dev.muster.cluster.fault.Rights.Right;
import dev.muster.cluster.fault.WorkloadDeed;
import dev.muster.cluster.object.RolloutStatus;
import dev.muster.cluster.object.WorkloadMark;
import dev.muster.cluster.object.Workloads;
import dev.muster.drill.kind.Rollout;
import dev.muster.drill.port.ApiDeed;
import dev.muster.drill.port.Effect;
import dev.muster.observe.effect.WorkloadChanged;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A change of the pod template, and the controller's status that tells how far it is. */
public final class RolloutOnCluster implements OnCluster.OfWorkloads<Rollout> {

  @Override
  public Class<Rollout> kind() {
    return Rollout.class;
  }

  @Override
  public ApiDeed deed(Rollout kind, InjectionContext at, Duration ttl) {
    return new WorkloadDeed(
        at.client(), at.workload(), at.mark(), fields(kind, at), kind.timeout());
  }

  @Override
  public Effect effect(Rollout kind, InjectionContext at) {
    return new WorkloadChanged(
        at.probe(), at.workload(), at.mark(), fields(kind, at), false, at.time(), kind.timeout());
  }

  /**
   * What makes another template: an image; or the annotation of {@code kubectl rollout restart},
   * with a word of this fault alone instead of a time, so that nobody else's restart is taken for
   * it.
   */
  private static Map<String, String> fields(Rollout kind, InjectionContext at) {
    String image = kind.image();
    return image == null
        ? Map.of(WorkloadMark.RESTARTED, "muster-" + at.mark())
        : Map.of(WorkloadMark.image(container(kind, at.workload())), image);
  }

  private static String container(Rollout kind, HasMetadata workload) {
    List<String> names =
        Workloads.template(workload).getSpec().getContainers().stream()
            .map(Container::getName)
            .toList();
    String named = Objects.requireNonNullElse(kind.container(), names.getFirst());
    if (!names.contains(named)) {
      throw new ClusterException(
          "%s has no container %s; it has %s"
              .formatted(Workloads.ref(workload).path(), named, names));
    }
    return named;
  }

  @Override
  public Optional<String> trouble(Rollout kind, KubernetesClient client, HasMetadata workload) {
    String path = Workloads.ref(workload).path();
    if (Workloads.onDelete(workload)) {
      return Optional.of(
          path
              + " has the updateStrategy OnDelete: nobody rolls it out; RollingUpdate can be drilled");
    }
    if (Workloads.paused(workload)) {
      return Optional.of(
          path + " is paused: nobody rolls it out; kubectl rollout resume, or take another");
    }
    if (Workloads.replicas(workload) == 0) {
      return Optional.of(path + " has no replicas: there is nothing to roll out");
    }
    if (RolloutStatus.of(workload).toUpdate() == 0) {
      return Optional.of(
          path
              + " keeps all its replicas at the old revision: the partition leaves nothing to update");
    }
    String image = kind.image();
    if (image == null) {
      return Optional.empty();
    }
    if (Workloads.ordered(workload)) {
      return Optional.of(
          path
              + " has the podManagementPolicy OrderedReady: if a pod never gets ready with that"
              + " image, its controller waits for it even when the image is put back; leave image"
              + " out, or take one with Parallel");
    }
    String field = WorkloadMark.image(container(kind, workload));
    return image.equals(WorkloadMark.read(workload, field))
        ? Optional.of(
            "%s: the %s is %s already: there would be no new revision"
                .formatted(path, field, image))
        : Optional.empty();
  }

  /** The template and the mark are of one object, so that one right is enough. */
  @Override
  public List<Right> rights(Rollout kind, Set<String> namespaces) {
    return Rights.ofWorkloads(namespaces);
  }
}
