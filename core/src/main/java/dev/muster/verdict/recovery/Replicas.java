package dev.muster.verdict.recovery;

import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.finding.History;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The pods of workloads at a moment of a run: those of which the preflight knew, and those that a
 * watch saw later. Where it told anything of pods, what one was is what it was seen to be last; of
 * a timeline without that, it is what the preflight saw.
 */
public final class Replicas {
  public enum State {
    READY,
    /** Also one that was gone: a watch tells both in the same words. */
    NOT_READY,
    /** Of a pod that others were seen beside. */
    UNTOLD
  }

  /**
   * @param node empty where nobody told
   */
  public record Replica(ObjectRef.Pod pod, State state, Optional<ObjectRef.Node> node) {}

  private final Settings settings;
  private final Zones zones;
  private final List<PodLife> lives;

  public Replicas(History history, Zones zones) {
    settings = new Settings(history);
    this.zones = zones;
    lives = PodLife.of(history);
  }

  /** Empty where nobody told of any. */
  public List<Replica> of(ObjectRef.Workload workload, Instant when) {
    List<ObjectRef.Pod> pods = new ArrayList<>(settings.podsOf(workload));
    lives.stream()
        .filter(life -> life.workload().is(workload) && life.ready(when).isPresent())
        .map(PodLife::pod)
        .filter(pod -> pods.stream().noneMatch(pod::is))
        .toList()
        .forEach(pods::add);
    return pods.stream().map(pod -> new Replica(pod, state(pod, when), zones.nodeOf(pod))).toList();
  }

  private State state(ObjectRef.Pod pod, Instant when) {
    Optional<Boolean> ready =
        lives.isEmpty()
            ? Optional.of(zones.ready(pod))
            : lives.stream()
                .filter(life -> life.pod().is(pod))
                .flatMap(life -> life.ready(when).stream())
                .reduce((_, later) -> later);
    return ready.map(is -> is ? State.READY : State.NOT_READY).orElse(State.UNTOLD);
  }
}
