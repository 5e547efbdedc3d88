package dev.muster.drill;

import java.util.List;
import java.util.Map;

/**
 * The pod that carries a fault on a node. Every call is one request to the cluster and may find it
 * out of reach: that is told by what it returns, for a cut node is nothing unusual here.
 */
public interface AgentPod {

  /** What the agent said: the name of the event and its details, as in its line. */
  record Said(String event, Map<String, String> detail) {}

  /** Namespace and name, for the journal: enough for another process to delete it. */
  Map<String, String> identity();

  /**
   * Creates the pod.
   *
   * @param arguments of the agent
   * @throws RuntimeException if the cluster refuses
   */
  void start(List<String> arguments);

  /** Everything that it said so far; what was known last where the node can not be asked. */
  List<Said> said();

  /** Why it can not start, or ended without a word; empty while nothing is wrong. */
  String trouble();

  /** What it still waits for, as the cluster tells it; empty where that is not known. */
  default String waiting() {
    return "";
  }

  /** Whether its node's kubelet is known to make or run it; false where that is not known. */
  default boolean underway() {
    return false;
  }

  /** Asks for its end, which ends the fault. */
  void delete();

  /** Whether the cluster knows it no more. */
  boolean gone();
}
