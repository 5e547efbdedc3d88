package dev.muster.cluster.object;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.connect.Pages;
import dev.muster.timeline.ObjectRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Deployments and StatefulSets: what both have, and how they are read and changed. */
public final class Workloads {
  private Workloads() {}

  /** All of the cluster, by kind, namespace and name. */
  public static List<HasMetadata> all(KubernetesClient client) {
    List<HasMetadata> all = new ArrayList<>();
    all.addAll(Pages.all(client.apps().deployments().inAnyNamespace()));
    all.addAll(Pages.all(client.apps().statefulSets().inAnyNamespace()));
    all.sort(Comparator.comparing(w -> ref(w).path()));
    return List.copyOf(all);
  }

  /** Those with a label, whatever it says. */
  public static List<HasMetadata> labelled(KubernetesClient client, String label) {
    List<HasMetadata> all = new ArrayList<>();
    all.addAll(Pages.all(client.apps().deployments().inAnyNamespace().withLabel(label)));
    all.addAll(Pages.all(client.apps().statefulSets().inAnyNamespace().withLabel(label)));
    return List.copyOf(all);
  }

  public static ObjectRef.Workload ref(HasMetadata workload) {
    return Pods.workload(workload instanceof Deployment ? "Deployment" : "StatefulSet", workload);
  }

  /** As it is now; empty where it is gone, or another one has its name. */
  public static Optional<HasMetadata> now(KubernetesClient client, ObjectRef.Workload workload) {
    HasMetadata now =
        workload.kind().equals("Deployment")
            ? client
                .apps()
                .deployments()
                .inNamespace(workload.namespace())
                .withName(workload.name())
                .get()
            : client
                .apps()
                .statefulSets()
                .inNamespace(workload.namespace())
                .withName(workload.name())
                .get();
    return Optional.ofNullable(now).filter(w -> ref(w).is(workload));
  }

  /**
   * Changes it as it is now, by a patch of what differs.
   *
   * @throws ClusterException if it is gone, or another one has its name
   */
  public static void edit(
      KubernetesClient client, ObjectRef.Workload workload, Consumer<HasMetadata> change) {
    if (now(client, workload).isEmpty()) {
      throw new ClusterException(workload.path() + " is gone");
    }
    if (workload.kind().equals("Deployment")) {
      client
          .apps()
          .deployments()
          .inNamespace(workload.namespace())
          .withName(workload.name())
          .edit(d -> {
            change.accept(d);
            return d;
          });
    } else {
      client
          .apps()
          .statefulSets()
          .inNamespace(workload.namespace())
          .withName(workload.name())
          .edit(s -> {
            change.accept(s);
            return s;
          });
    }
  }

  /** That are wanted. */
  public static int replicas(HasMetadata workload) {
    Integer said =
        workload instanceof Deployment d
            ? d.getSpec().getReplicas()
            : ((StatefulSet) workload).getSpec().getReplicas();
    return Objects.requireNonNullElse(said, 1);
  }

  public static void scale(HasMetadata workload, int replicas) {
    if (workload instanceof Deployment d) {
      d.getSpec().setReplicas(replicas);
    } else {
      ((StatefulSet) workload).getSpec().setReplicas(replicas);
    }
  }

  public static PodTemplateSpec template(HasMetadata workload) {
    return workload instanceof Deployment d
        ? d.getSpec().getTemplate()
        : ((StatefulSet) workload).getSpec().getTemplate();
  }

  /** Whether its new revision waits until somebody deletes the pods of the old one. */
  public static boolean onDelete(HasMetadata workload) {
    return workload instanceof StatefulSet s
        && s.getSpec().getUpdateStrategy() != null
        && "OnDelete".equals(s.getSpec().getUpdateStrategy().getType());
  }

  /** Whether its controller goes on to the next pod only when this one is ready. */
  public static boolean ordered(HasMetadata workload) {
    return workload instanceof StatefulSet s
        && !"Parallel".equals(s.getSpec().getPodManagementPolicy());
  }

  /** Whether somebody has paused its rollouts. */
  public static boolean paused(HasMetadata workload) {
    return workload instanceof Deployment d && Boolean.TRUE.equals(d.getSpec().getPaused());
  }

  /** Its pods that have not finished, those that leave too. */
  public static List<Pod> pods(KubernetesClient client, HasMetadata workload) {
    return Pages.all(client.pods().inNamespace(workload.getMetadata().getNamespace())).stream()
        .filter(p -> !Pods.finished(p) && selects(workload, p))
        .toList();
  }

  /** Whether the pod is its, of whatever revision. */
  public static boolean selects(HasMetadata workload, Pod pod) {
    @Nullable LabelSelector selector =
        workload instanceof Deployment d
            ? d.getSpec().getSelector()
            : ((StatefulSet) workload).getSpec().getSelector();
    return workload.getMetadata().getNamespace().equals(pod.getMetadata().getNamespace())
        && Labels.match(selector, Pods.labels(pod));
  }
}
