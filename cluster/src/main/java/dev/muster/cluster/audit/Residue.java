package dev.muster.cluster.audit;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.connect.Pages;
import dev.muster.cluster.fault.Cordon;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.WorkloadMark;
import dev.muster.cluster.object.Workloads;
import dev.muster.cluster.run.RunNamespace;
import dev.muster.drill.time.Time;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What of Muster's is in a cluster, by its labels: namespaces, pods, jobs and NetworkPolicies, the
 * labels that faults put on pods of others and on nodes, and what they changed of Deployments and
 * StatefulSets.
 *
 * @param run only of this run; null: of any
 */
public record Residue(KubernetesClient client, @Nullable String run, Time time) {
  private static final String FAULT = WorkloadMark.LABEL;
  private static final int FORBIDDEN = 403;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration STEP = Duration.ofMillis(500);

  /** A line for each thing found. */
  public List<String> look() {
    List<String> found = new ArrayList<>();
    objects().forEach(o -> found.add(text(o)));
    labelled().forEach(p -> found.add("label " + FAULT + " on " + Pods.object(p)));
    cordoned()
        .forEach(n ->
            found.add(
                "label "
                    + FAULT
                    + " on node "
                    + n.getMetadata().getName()
                    + (Cordon.on(n) ? ", which is cordoned" : "")));
    Workloads.labelled(client, FAULT)
        .forEach(w -> found.add("what a fault changed of " + Workloads.ref(w).path()));
    return found;
  }

  private static String text(HasMetadata object) {
    var metadata = object.getMetadata();
    String kind = object.getKind().toLowerCase(java.util.Locale.ROOT);
    return metadata.getNamespace() == null
        ? kind + " " + metadata.getName()
        : kind + " " + metadata.getNamespace() + "/" + metadata.getName();
  }

  private List<HasMetadata> objects() {
    List<HasMetadata> found = new ArrayList<>();
    Stream.of(
            Pages.all(
                client.network().v1().networkPolicies().inAnyNamespace().withLabels(labels())),
            Pages.all(client.batch().v1().jobs().inAnyNamespace().withLabels(labels())),
            Pages.all(client.pods().inAnyNamespace().withLabels(labels())),
            Pages.all(client.namespaces().withLabels(labels())))
        .forEach(found::addAll);
    return found;
  }

  private java.util.Map<String, String> labels() {
    var labels = new java.util.TreeMap<>(RunNamespace.OURS);
    if (run != null) {
      labels.put(RunNamespace.RUN, RunNamespace.label(run));
    }
    return labels;
  }

  /** Pods of others: their label says which fault, not which run. */
  private List<Pod> labelled() {
    return Pages.all(client.pods().inAnyNamespace().withLabel(FAULT)).stream()
        .filter(p -> !"muster".equals(Pods.labels(p).get("app.kubernetes.io/managed-by")))
        .toList();
  }

  /** Nodes that a drain cordoned, or somebody uncordoned since: their label is a fault's too. */
  private List<Node> cordoned() {
    return Pages.all(client.nodes().withLabel(FAULT)).stream()
        .filter(n -> Pods.labels(n).containsKey(FAULT))
        .toList();
  }

  /** Removes it and waits until it is gone; true if it is, false at once without the rights. */
  public boolean remove() throws InterruptedException {
    return remove(PATIENCE);
  }

  boolean remove(Duration patience) throws InterruptedException {
    return removed(patience, true);
  }

  /**
   * Removes only what carries Muster's own labels: what a fault put on objects of others is told,
   * and stays. As {@link #remove}.
   */
  public boolean removeObjects() throws InterruptedException {
    return removed(PATIENCE, false);
  }

  private boolean removed(Duration patience, boolean fromOthers) throws InterruptedException {
    long deadline = time.nanos() + patience.toNanos();
    while (true) {
      try {
        List<HasMetadata> there = objects();
        there.stream()
            .filter(o -> o.getMetadata().getDeletionTimestamp() == null)
            .forEach(o -> client.resource(o).delete());
        List<Pod> labelled = fromOthers ? labelled() : List.of();
        labelled.forEach(this::unlabel);
        List<Node> cordoned = fromOthers ? cordoned() : List.of();
        cordoned.forEach(n -> Cordon.lift(client, n));
        List<HasMetadata> changed = fromOthers ? Workloads.labelled(client, FAULT) : List.of();
        changed.forEach(this::putBack);
        if (there.isEmpty() && labelled.isEmpty() && cordoned.isEmpty() && changed.isEmpty()) {
          return true;
        }
      } catch (ClusterException e) {
        // gone meanwhile
      } catch (KubernetesClientException e) {
        if (e.getCode() == FORBIDDEN) {
          return false;
        } // else changed meanwhile, or out of reach for a moment
      }
      if (time.nanos() > deadline) {
        return false;
      }
      time.sleep(STEP);
    }
  }

  /** By what its annotation says was there before; what somebody else has set since stays. */
  private void putBack(HasMetadata workload) {
    Workloads.edit(client, Workloads.ref(workload), WorkloadMark::takeBack);
  }

  private void unlabel(Pod pod) {
    client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(Pods.name(pod))
        .edit(p -> {
          p.getMetadata().getLabels().remove(FAULT);
          return p;
        });
  }
}
