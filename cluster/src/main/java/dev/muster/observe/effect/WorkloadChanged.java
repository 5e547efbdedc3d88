package dev.muster.observe.effect;

import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.RolloutStatus;
import dev.muster.cluster.object.Unready;
import dev.muster.cluster.object.WorkloadMark;
import dev.muster.cluster.object.Workloads;
import dev.muster.drill.port.Effect;
import dev.muster.drill.time.Time;
import dev.muster.timeline.ObjectRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A workload's controller and its kubelets have done what was asked for. That the fields say so is
 * the fault's own word; it counts when the status does.
 *
 * @param chosen the workload as it was then
 * @param mark of the fault
 * @param fields that were set, by {@link WorkloadMark}
 * @param scaled the number of replicas was set, and no revision: who leaves must be gone
 * @param timeout for so long a rollout that is under way is waited for beforehand: the rollback of
 *     an earlier fault of the same drill, which is undone when its fields are back
 */
public record WorkloadChanged(
    KubernetesClient probe,
    HasMetadata chosen,
    String mark,
    Map<String, String> fields,
    boolean scaled,
    Time time,
    Duration timeout)
    implements Effect {
  private static final int MOST_PODS = 3;
  private static final Duration STEP = Duration.ofSeconds(1);

  private ObjectRef.Workload workload() {
    return Workloads.ref(chosen);
  }

  @Override
  public Optional<String> before() throws InterruptedException {
    Time.Deadline deadline = time.in(timeout);
    while (settling() && !deadline.over()) {
      time.sleep(STEP);
    }
    Optional<HasMetadata> found = Workloads.now(probe, workload());
    if (found.isEmpty()) {
      return Optional.of(workload().path() + " is gone");
    }
    HasMetadata now = found.get();
    Optional<String> taken = WorkloadMark.taken(now);
    if (taken.isPresent()) {
      return taken;
    }
    if (WorkloadMark.holds(now, fields)) {
      return Optional.of(workload().path() + " has that already: " + said(now));
    }
    RolloutStatus status = RolloutStatus.of(now);
    return status.complete()
        ? Optional.empty()
        : Optional.of(
            "%s is being rolled out already, or not all of it is available: %s"
                .formatted(workload().path(), status.words()));
  }

  @Override
  public Optional<Map<String, String>> seen() {
    Optional<HasMetadata> now = Workloads.now(probe, workload()).filter(this::there);
    if (now.isEmpty()) {
      return Optional.empty();
    }
    RolloutStatus status = RolloutStatus.of(now.get());
    List<Pod> pods = Workloads.pods(probe, now.get());
    boolean done =
        scaled ? status.scaled() && pods.stream().noneMatch(Pods::terminating) : status.complete();
    if (!done) {
      return Optional.empty();
    }
    Map<String, String> evidence = new TreeMap<>(status.figures());
    evidence.put("revisionBefore", RolloutStatus.of(chosen).revision());
    evidence.put("templates", hashes(pods));
    evidence.putAll(said(now.get()));
    return Optional.of(evidence);
  }

  /** No fault has it any more, and its controller is not done yet. */
  private boolean settling() {
    return Workloads.now(probe, workload())
        .filter(now -> WorkloadMark.of(now).isEmpty() && !RolloutStatus.of(now).complete())
        .isPresent();
  }

  /** It carries what the fault set. */
  private boolean there(HasMetadata now) {
    return WorkloadMark.of(now).filter(mark::equals).isPresent() && WorkloadMark.holds(now, fields);
  }

  private Map<String, String> said(HasMetadata now) {
    Map<String, String> said = new LinkedHashMap<>();
    fields
        .keySet()
        .forEach(field -> said.put(field, String.valueOf(WorkloadMark.read(now, field))));
    return said;
  }

  /** How many pods live of which template, by the hash that their controller gave it. */
  private static String hashes(List<Pod> pods) {
    Map<String, Long> by =
        pods.stream()
            .filter(Pods::lives)
            .collect(
                Collectors.groupingBy(
                    p -> Pods.revision(p).orElse("unknown"), TreeMap::new, Collectors.counting()));
    return by.entrySet().stream()
        .map(e -> e.getKey() + ": " + e.getValue())
        .collect(Collectors.joining(", "));
  }

  @Override
  public Map<String, String> left() {
    return Workloads.now(probe, workload())
        .filter(this::there)
        .map(_ -> Map.of(workload().path(), unseen()))
        .orElse(Map.of());
  }

  @Override
  public Look again() {
    Optional<HasMetadata> found = Workloads.now(probe, workload());
    if (found.isEmpty()) {
      return new Over(Map.of("workload", workload().path() + " is gone"));
    }
    HasMetadata now = found.get();
    if (WorkloadMark.holds(now, fields)) { // whoever took the mark away put nothing back
      return new Lasts(said(now));
    }
    Map<String, String> evidence = new TreeMap<>(said(now));
    List<String> others = others(now);
    if (!others.isEmpty()) {
      evidence.put("left as somebody else set it", String.join(", ", others));
    }
    return new Over(evidence);
  }

  /** Fields that say neither what the fault set nor what was there before. */
  private List<String> others(HasMetadata now) {
    Predicate<String> asBefore =
        field ->
            String.valueOf(WorkloadMark.read(chosen, field))
                .equals(String.valueOf(WorkloadMark.read(now, field)));
    return fields.entrySet().stream()
        .filter(f -> !f.getValue().equals(WorkloadMark.read(now, f.getKey())))
        .map(Map.Entry::getKey)
        .filter(asBefore.negate())
        .sorted()
        .toList();
  }

  @Override
  public String unseen() {
    Optional<HasMetadata> found = Workloads.now(probe, workload());
    if (found.isEmpty()) {
      return workload().path() + " is gone";
    }
    HasMetadata now = found.get();
    if (!there(now)) {
      return "%s does not carry what the fault set: %s".formatted(workload().path(), said(now));
    }
    List<Pod> pods = Workloads.pods(probe, now);
    List<String> why = new ArrayList<>();
    why.add(
        "%s was not %s: %s"
            .formatted(
                workload().path(),
                scaled ? "scaled" : "rolled out",
                RolloutStatus.of(now).words()));
    long leaving = pods.stream().filter(Pods::terminating).count();
    if (leaving > 0) {
      why.add(leaving + " pods still leave");
    }
    pods.stream()
        .filter(p -> Pods.lives(p) && !Pods.ready(p))
        .limit(MOST_PODS)
        .forEach(p -> why.add("pod %s: %s".formatted(Pods.name(p), Unready.state(p))));
    if (!scaled) {
      why.add(strategy(now));
    }
    return String.join("; ", why);
  }

  /** What decides how many pods may be away, and how many more there may be. */
  private static String strategy(HasMetadata now) {
    if (!(now instanceof Deployment d)) {
      return "a StatefulSet ends one pod after another";
    }
    var strategy = d.getSpec().getStrategy();
    var rolling = strategy == null ? null : strategy.getRollingUpdate();
    if (rolling == null) {
      return "strategy " + (strategy == null ? "RollingUpdate" : strategy.getType());
    }
    return "maxSurge %s, maxUnavailable %s"
        .formatted(
            rolling.getMaxSurge() == null ? "25%" : rolling.getMaxSurge().getValue(),
            rolling.getMaxUnavailable() == null ? "25%" : rolling.getMaxUnavailable().getValue());
  }
}
