package dev.muster.drill;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a fault does, with its own parameters. A new kind is one record here. */
public sealed interface FaultKind {

  /** Which packets of a network fault: those the victim sends, receives, or both. */
  enum Direction {
    TO,
    FROM,
    BOTH;

    public boolean to() {
      return this != FROM;
    }

    public boolean from() {
      return this != TO;
    }
  }

  /** From whom a node is cut off. */
  enum Peers {
    ALL,
    CONTROL_PLANE,
    NODES,
    CIDRS
  }

  /** Where stress competes: as a daemon of the node, or as a process of a pod's container. */
  enum Place {
    NODE,
    POD
  }

  /**
   * How much of a node's memory or disk is taken, or of a container's memory. At most one is given;
   * none means: until the kubelet reports pressure. A percentage is of all the node has; in a pod
   * it is of the container's limit, or of the node's memory where it has none.
   */
  record Amount(@Nullable Long bytes, @Nullable Integer percent) {
    public boolean untilPressure() {
      return bytes == null && percent == null;
    }
  }

  /**
   * @param reboot power comes back at once instead of after the fault's duration
   */
  record NodeShutdown(boolean reboot) implements FaultKind {}

  /** All packets of the node to and from the peers are dropped, established flows too. */
  record NodeNetwork(Peers peers, List<String> cidrs, Direction direction) implements FaultKind {}

  /**
   * A NetworkPolicy on the selected pods.
   *
   * @param peers pods that are cut off; null and no cidrs: everybody
   */
  record NetworkPolicy(Direction direction, @Nullable Selector peers, List<String> cidrs)
      implements FaultKind {}

  /**
   * @param load of each worker in percent
   * @param workers 0: one for each CPU of the node
   * @param in a pod: in its container's cgroup, so that it takes from the container's own share
   * @param containers names, in a pod only; empty means the pod's first
   */
  record CpuStress(int load, int workers, Place in, List<String> containers) implements FaultKind {}

  /**
   * @param in a pod: in its container's cgroup, so that the container's limit is what is reached
   * @param containers names, in a pod only; empty means the pod's first
   */
  record MemoryStress(Amount amount, Place in, List<String> containers) implements FaultKind {}

  record DiskFill(Amount amount) implements FaultKind {}

  /**
   * SIGKILL to the main process of containers.
   *
   * @param containers names; empty means the pod's first
   * @param every repeated so often until the fault's duration is over; null: once
   */
  record ProcessKill(List<String> containers, @Nullable Duration every) implements FaultKind {}

  /** SIGSTOP to all processes of containers. */
  record ProcessPause(List<String> containers) implements FaultKind {}

  /** SIGSTOP to the kubelet: pods live on, the node's lease stops. */
  record KubeletStop() implements FaultKind {}

  /**
   * @param every repeated so often until the fault's duration is over; null: once
   */
  record PodKill(Duration gracePeriod, @Nullable Duration every) implements FaultKind {}

  /** Questions to DNS from the node and its pods are dropped. */
  record DnsFailure() implements FaultKind {}

  record NetworkDelay(Duration latency, Duration jitter) implements FaultKind {}

  /**
   * @param percent of packets that are dropped at random
   */
  record NetworkLoss(double percent) implements FaultKind {}

  /**
   * A gray failure, which the worker does itself when it is asked with a token.
   *
   * @param factor how much longer it takes; 0 where the failure has none
   * @param afterTokens so many tokens of an answer come first, where the failure begins in one
   * @param tokenSecret name of a Secret in the pod's namespace, whose key {@code token} it is
   * @param port of the pod; null: the first that a container names
   */
  record LlmFault(
      LlmFailure failure, int factor, int afterTokens, String tokenSecret, @Nullable Integer port)
      implements FaultKind {}

  /** As in the drill file. */
  default String word() {
    return getClass().getSimpleName();
  }

  /** Its victims are pods, not nodes. */
  default boolean ofPods() {
    return switch (this) {
      case NetworkPolicy _, ProcessKill _, ProcessPause _, PodKill _, LlmFault _ -> true;
      case CpuStress cpu -> cpu.in() == Place.POD;
      case MemoryStress memory -> memory.in() == Place.POD;
      case NodeShutdown _,
          NodeNetwork _,
          DiskFill _,
          KubeletStop _,
          DnsFailure _,
          NetworkDelay _,
          NetworkLoss _ ->
          false;
    };
  }

  /** Done on the node by an agent; the others go through the API server or the power provider. */
  default boolean byAgent() {
    return switch (this) {
      case NodeShutdown _, NetworkPolicy _, PodKill _, LlmFault _ -> false;
      default -> true;
    };
  }

  static Direction direction(String word) {
    return Direction.valueOf(word.toUpperCase(Locale.ROOT));
  }
}
