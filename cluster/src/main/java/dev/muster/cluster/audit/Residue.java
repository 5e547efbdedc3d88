package dev.muster.cluster.audit;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.connect.Pages;
import dev.muster.cluster.fault.AgentArguments;
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
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What of Muster's is in a cluster, by its labels: namespaces, pods, jobs and NetworkPolicies, the
 * labels that faults put on pods of others and on nodes, and what they changed of Deployments and
 * StatefulSets.
 *
 * @param run only of this run, also of what faults changed of others; null: of any
 */
public record Residue(KubernetesClient client, @Nullable String run, Time time) {
  private static final int FORBIDDEN = 403;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration STEP = Duration.ofMillis(500);

  /** A line for each thing found. */
  public List<String> look() {
    List<String> found = new ArrayList<>();
    objects().forEach(o -> found.add(text(o)));
    labelled().forEach(p -> found.add("label " + WorkloadMark.LABEL + " on " + Pods.object(p)));
    cordoned()
        .forEach(n ->
            found.add(
                "label "
                    + WorkloadMark.LABEL
                    + " on node "
                    + n.getMetadata().getName()
                    + (Cordon.on(n) ? ", which is cordoned" : "")));
    changed()
        .forEach(w ->
            found.add(
                WorkloadMark.byHand(w)
                    .orElse("what a fault changed of " + Workloads.ref(w).path())));
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
    return kinds().stream().flatMap(kind -> kind.get().stream()).toList();
  }

  private List<Supplier<List<HasMetadata>>> kinds() {
    return List.of(
        () ->
            List.copyOf(
                Pages.all(
                    client.network().v1().networkPolicies().inAnyNamespace().withLabels(labels()))),
        () ->
            List.copyOf(
                Pages.all(client.batch().v1().jobs().inAnyNamespace().withLabels(labels()))),
        () -> List.copyOf(Pages.all(client.pods().inAnyNamespace().withLabels(labels()))),
        () -> List.copyOf(Pages.all(client.namespaces().withLabels(labels()))));
  }

  private java.util.Map<String, String> labels() {
    var labels = new java.util.TreeMap<>(RunNamespace.OURS);
    if (run != null) {
      labels.put(RunNamespace.RUN, RunNamespace.label(run));
    }
    return labels;
  }

  /** Pods of others that a fault took. */
  private List<Pod> labelled() {
    return Pages.all(client.pods().inAnyNamespace().withLabel(WorkloadMark.LABEL)).stream()
        .filter(p -> !"muster".equals(Pods.labels(p).get("app.kubernetes.io/managed-by")))
        .filter(this::marked)
        .toList();
  }

  /** Nodes that a drain cordoned, or somebody uncordoned since: their label is a fault's too. */
  private List<Node> cordoned() {
    return Pages.all(client.nodes().withLabel(WorkloadMark.LABEL)).stream()
        .filter(this::marked)
        .toList();
  }

  private List<HasMetadata> changed() {
    return Workloads.labelled(client, WorkloadMark.LABEL).stream().filter(this::marked).toList();
  }

  /**
   * @param is false: those of which nobody knows any more what was there before
   */
  private List<HasMetadata> restorable(boolean is) {
    return changed().stream().filter(w -> WorkloadMark.byHand(w).isEmpty() == is).toList();
  }

  /**
   * Carries the label of a fault, of this run where only one is asked for: what a drill that goes
   * on has done is not taken back by another.
   */
  private boolean marked(HasMetadata object) {
    String mark = Pods.labels(object).get(WorkloadMark.LABEL);
    return mark != null && (run == null || AgentArguments.ofRun(run, mark));
  }

  /**
   * Removes it and waits until it is gone; true if it is. False as soon as only what may not be
   * seen or touched without further rights can be left, or what somebody has to put back by hand.
   */
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

  /** What a fault did to others first: it does harm as long as it is there. */
  private boolean removed(Duration patience, boolean fromOthers) throws InterruptedException {
    long deadline = time.nanos() + patience.toNanos();
    while (true) {
      Round round = new Round(deadline);
      if (fromOthers) {
        round.each(this::cordoned, n -> Cordon.lift(client, n));
        round.each(() -> restorable(true), this::putBack);
        round.attempt(() -> round.leaves |= !restorable(false).isEmpty());
        round.each(this::labelled, this::unlabel);
      }
      for (Supplier<List<HasMetadata>> kind : kinds()) {
        round.each(kind, this::delete);
      }
      if (round.over) {
        return !round.leaves;
      }
      if (time.nanos() > deadline) {
        return false;
      }
      time.sleep(STEP);
    }
  }

  /** Everything once; what goes wrong with one thing keeps no other from its turn. */
  private final class Round {
    private final long deadline;

    /** Nothing is there any more, but for what may not be touched. */
    private boolean over = true;

    /** There is what may not be touched, or what nobody knows how to put back. */
    private boolean leaves;

    Round(long deadline) {
      this.deadline = deadline;
    }

    <T> void each(Supplier<List<T>> there, Consumer<T> away) {
      if (time.nanos() > deadline) { // a server that hangs takes long for each of them
        over = false;
        return;
      }
      List<T> found = new ArrayList<>();
      attempt(() -> found.addAll(there.get()));
      found.forEach(o ->
          attempt(() -> {
            away.accept(o);
            over = false; // whether it is gone the next round sees
          }));
    }

    private void attempt(Runnable act) {
      try {
        act.run();
      } catch (ClusterException e) {
        over = false; // gone meanwhile
      } catch (KubernetesClientException e) {
        if (e.getCode() == FORBIDDEN) {
          leaves = true;
        } else {
          over = false; // changed meanwhile, refused, or out of reach for a moment
        }
      }
    }
  }

  private void delete(HasMetadata object) {
    if (object.getMetadata().getDeletionTimestamp() == null) {
      client.resource(object).delete();
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
          p.getMetadata().getLabels().remove(WorkloadMark.LABEL);
          return p;
        });
  }
}
