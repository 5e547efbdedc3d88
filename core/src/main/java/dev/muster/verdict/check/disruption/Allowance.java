package dev.muster.verdict.check.disruption;

import dev.muster.verdict.recovery.PodLife;
import java.util.Optional;

/**
 * A setting by which all pods of a workload may be away at once.
 *
 * @param whose the object that has it
 * @param held what would have left one pod
 */
record Allowance(String field, String value, String whose, String held) {
  private static final String REPLICAS = "replicas";
  private static final String MOST = "maxUnavailable";
  private static final String LEAST = "minAvailable";
  private static final String BUDGET = "podDisruptionBudget";
  private static final String RECREATE = "Recreate";

  /** Of a Deployment or a StatefulSet; empty where its setting keeps one, or nobody tells it. */
  static Optional<Allowance> ofRollout(Scene scene, PodLife pod) {
    var workload = pod.workload();
    return replicas(scene, pod)
        .flatMap(replicas ->
            scene
                .setting(MOST, pod)
                .filter(value -> value.equals(RECREATE) || allAway(value, replicas, false))
                .map(value ->
                    replicas == 1 && workload.path().startsWith("StatefulSet/")
                        ? ofOne(pod)
                        : new Allowance(
                            MOST, value, workload.path(), String.valueOf(replicas - 1))));
  }

  /**
   * By the budget of the pods ({@code NAME minAvailable 1}, {@code NAME maxUnavailable 50%}) or its
   * absence ({@code none}); empty where it keeps one, or nobody tells it.
   */
  static Optional<Allowance> ofDrain(Scene scene, PodLife pod) {
    return replicas(scene, pod)
        .flatMap(replicas ->
            scene
                .setting(BUDGET, pod)
                .flatMap(value -> ofBudget(value.split(" ", 3), replicas, pod))
                .map(allowance -> replicas == 1 ? ofOne(pod) : allowance));
  }

  private static Optional<Allowance> ofBudget(String[] words, long replicas, PodLife pod) {
    if (words.length < 3) {
      return Optional.of(new Allowance(BUDGET, words[0], pod.workload().path(), LEAST + " 1"));
    }
    var budget = "PodDisruptionBudget/" + pod.pod().namespace() + "/" + words[0];
    boolean all =
        words[1].equals(LEAST) ? words[2].matches("0+%?") : allAway(words[2], replicas, true);
    long held = words[1].equals(LEAST) ? 1 : replicas - 1;
    return all
        ? Optional.of(new Allowance(words[1], words[2], budget, String.valueOf(held)))
        : Optional.empty();
  }

  /** Nobody but the drill asked for it. */
  static Allowance ofScale(PodLife pod) {
    return new Allowance(REPLICAS, "0", pod.workload().path(), "1");
  }

  private static Allowance ofOne(PodLife pod) {
    return new Allowance(REPLICAS, "1", pod.workload().path(), "2");
  }

  /** As it was set when the drill began; 1 at least, for there was a pod. */
  private static Optional<Long> replicas(Scene scene, PodLife pod) {
    return scene.number(REPLICAS, pod).map(replicas -> Math.max(1, replicas));
  }

  /** Of a percentage, a budget counts the next whole number of pods, a rollout the one below. */
  private static boolean allAway(String value, long replicas, boolean up) {
    if (!value.matches("[0-9]{1,9}%?")) {
      return false;
    }
    long number = Long.parseLong(value.replace("%", ""));
    if (!value.endsWith("%")) {
      return number >= replicas;
    }
    double share = number * replicas / 100.0;
    return (up ? Math.ceil(share) : Math.floor(share)) >= replicas;
  }
}
