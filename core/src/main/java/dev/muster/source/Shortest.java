package dev.muster.source;

import java.time.Duration;

/** How long a fault has to last so that anybody could see it; see {@code docs/faults.md}. */
public final class Shortest {
  /** A node's lease has to be silent for 12 s, and is looked at from the fault on. */
  private static final Duration LEASE = Duration.ofSeconds(15);

  /** The kubelet measures every 10 s at most. */
  private static final Duration MEASURED = Duration.ofSeconds(10);

  /** The agent begins in some seconds, which count, and takes memory in one more. */
  private static final Duration ALLOCATED = Duration.ofSeconds(4);

  /** Three looks, one a second, after the deed is done. */
  private static final Duration LOOKS = Duration.ofSeconds(5);

  /** A pod that gives no token is asked for 3 s, after it was asked how it is. */
  private static final Duration ASKED = Duration.ofSeconds(8);

  private Shortest() {}

  /**
   * @param kind of fault, as a drill file has it
   * @param some the fault cuts a node off from some addresses only
   * @param pod it is done in a pod: a container that runs out of memory is seen whenever it does
   */
  public static Duration of(String kind, boolean some, boolean pod) {
    return switch (kind) {
      case "NodeNetwork" -> some ? LOOKS : LEASE;
      case "NodeShutdown", "KubeletStop" -> LEASE;
      case "MemoryStress" -> pod ? ALLOCATED : MEASURED;
      case "CpuStress", "DiskFill" -> MEASURED;
      case "NetworkPolicy", "ProcessPause", "DnsFailure", "NetworkDelay", "NetworkLoss" -> LOOKS;
      case "LlmFault" -> ASKED;
      default -> Duration.ZERO;
    };
  }

  /** For a message, after what lasts too short. */
  public static String why(String kind, Duration least) {
    String seen =
        least.equals(LEASE)
            ? "a silent node is known by its lease, after 12 s"
            : least.equals(MEASURED)
                ? "the kubelet measures every 10 to 20 s"
                : least.equals(ALLOCATED)
                    ? "the agent needs seconds to begin, which count"
                    : least.equals(ASKED)
                        ? "one look may take 5 s, and a second one has to follow"
                        : "three looks, one a second, have to fail";
    return "nobody could see %s in that time: %s; at least %ds"
        .formatted(kind, seen, least.toSeconds());
  }
}
