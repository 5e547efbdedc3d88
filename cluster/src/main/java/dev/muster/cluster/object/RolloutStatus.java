package dev.muster.cluster.object;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a Deployment or StatefulSet is, as its controller tells; by the rules of {@code kubectl
 * rollout status}.
 *
 * @param observed the controller has seen what is wanted now; the other figures are else of before
 * @param wanted replicas
 * @param toUpdate those of the wanted that get the new revision; fewer where a StatefulSet has a
 *     partition
 * @param replicas that there are, of any revision, without those that leave
 * @param updated those of the new revision
 * @param available those that are ready, of a Deployment for its {@code minReadySeconds}
 * @param ready of any revision
 * @param revision by which the controller calls the newest; empty where it has not told
 * @param failure why the controller does not get on, in its own words; empty where it does
 */
public record RolloutStatus(
    boolean observed,
    int wanted,
    int toUpdate,
    int replicas,
    int updated,
    int available,
    int ready,
    String revision,
    String failure) {
  private static final String REVISION = "deployment.kubernetes.io/revision";

  public static RolloutStatus of(HasMetadata workload) {
    return workload instanceof Deployment d ? of(d) : of((StatefulSet) workload);
  }

  private static RolloutStatus of(Deployment d) {
    DeploymentStatus status = requireNonNullElse(d.getStatus(), new DeploymentStatus());
    int wanted = Workloads.replicas(d);
    return new RolloutStatus(
        observed(d, status.getObservedGeneration()),
        wanted,
        wanted,
        count(status.getReplicas()),
        count(status.getUpdatedReplicas()),
        count(status.getAvailableReplicas()),
        count(status.getReadyReplicas()),
        Pods.annotations(d).getOrDefault(REVISION, ""),
        failure(status));
  }

  private static RolloutStatus of(StatefulSet s) {
    StatefulSetStatus status = requireNonNullElse(s.getStatus(), new StatefulSetStatus());
    int wanted = Workloads.replicas(s);
    return new RolloutStatus(
        observed(s, status.getObservedGeneration()),
        wanted,
        Math.max(0, wanted - partition(s)),
        count(status.getReplicas()),
        count(status.getUpdatedReplicas()),
        count(status.getReadyReplicas()),
        count(status.getReadyReplicas()),
        requireNonNullElse(status.getUpdateRevision(), ""),
        "");
  }

  private static int partition(StatefulSet s) {
    var strategy = s.getSpec().getUpdateStrategy();
    var rolling = strategy == null ? null : strategy.getRollingUpdate();
    return rolling == null ? 0 : count(rolling.getPartition());
  }

  private static boolean observed(HasMetadata workload, @Nullable Long seen) {
    Long generation = workload.getMetadata().getGeneration();
    return seen != null && (generation == null || seen >= generation);
  }

  private static int count(@Nullable Integer number) {
    return requireNonNullElse(number, 0);
  }

  private static String failure(DeploymentStatus status) {
    return Amounts.orNone(status.getConditions()).stream()
        .filter(c ->
            ("ReplicaFailure".equals(c.getType()) && "True".equals(c.getStatus()))
                || ("Progressing".equals(c.getType()) && "False".equals(c.getStatus())))
        .map(c -> c.getReason() + ", " + c.getMessage())
        .findFirst()
        .orElse("");
  }

  /** Pods of an earlier revision that are still to go. */
  public int old() {
    return Math.max(0, replicas - updated - (wanted - toUpdate));
  }

  /** No pod is left to be made anew, whether or not all are available. */
  public boolean settled() {
    return observed && updated >= toUpdate && old() == 0;
  }

  /** The new revision is rolled out. */
  public boolean complete() {
    return settled() && available >= wanted;
  }

  /** There are as many replicas as are wanted, and all are ready. */
  public boolean scaled() {
    return observed && replicas == wanted && ready == wanted;
  }

  /** For the evidence of an effect. */
  public Map<String, String> figures() {
    return Map.of(
        "replicas", Integer.toString(replicas),
        "updated", Integer.toString(updated),
        "ready", Integer.toString(ready),
        "revision", revision);
  }

  /** For people: what there is of what is wanted, and what its controller complains of. */
  public String words() {
    List<String> words = new ArrayList<>();
    if (!observed) {
      words.add("its controller has not seen the change");
    }
    words.add("%d of %d updated".formatted(updated, toUpdate));
    if (old() > 0) {
      words.add(old() + " old still there");
    }
    words.add("%d of %d available".formatted(available, wanted));
    if (!failure.isEmpty()) {
      words.add(failure);
    }
    return String.join(", ", words);
  }
}
