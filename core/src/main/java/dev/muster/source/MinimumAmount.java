package dev.muster.source;

import java.util.Optional;

/** How much a fault has to take so that anybody could see it; see {@code docs/faults.md}. */
public final class MinimumAmount {
  /** CPUs of a node; less it uses more or less by itself. */
  public static final double NODE_CORES = 0.3;

  /** CPUs of a pod. */
  public static final double POD_CORES = 0.1;

  /** Of memory or disk; less a node or a pod takes and gives by itself. */
  public static final long BYTES = 16 << 20;

  /** Of what takes longer than before; less is chance. */
  public static final long LATENCY_MILLIS = 5;

  private MinimumAmount() {}

  /**
   * Why nobody could see it, with what would be enough.
   *
   * @param load of each worker, percent
   * @param workers 0 where there is one for each CPU, however many these are
   * @param pod it is done in a pod
   */
  public static Optional<String> cpu(int load, int workers, boolean pod) {
    double least = pod ? POD_CORES : NODE_CORES;
    return workers == 0 || load * workers >= (int) Math.round(100 * least)
        ? Optional.empty()
        : Optional.of(
            "nobody could see %d %% of a CPU: a %s uses %.0f %% more or less by itself; load times workers at least that"
                .formatted(load * workers, pod ? "pod" : "node", 100 * least));
  }

  public static Optional<String> size(long bytes) {
    return bytes >= BYTES
        ? Optional.empty()
        : Optional.of(
            "nobody could see so little: so much is taken and given at any time; at least 16Mi");
  }

  public static Optional<String> latency(long millis) {
    return millis >= LATENCY_MILLIS
        ? Optional.empty()
        : Optional.of(
            "nobody could see %d ms more: so much is chance; at least %d ms"
                .formatted(millis, LATENCY_MILLIS));
  }
}
