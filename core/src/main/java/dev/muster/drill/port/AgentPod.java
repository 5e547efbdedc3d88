package dev.muster.drill.port;

import dev.muster.wire.AgentLine;
import java.util.List;
import java.util.Map;

/**
 * The pod that carries a fault on a node. Every call is one request to the cluster and may find it
 * out of reach: that is told by what it returns, for a cut node is nothing unusual here.
 */
public interface AgentPod {

  /**
   * What the cluster tells of it at one moment.
   *
   * @param trouble that does not heal: why it cannot start, or ended without a word; empty for none
   * @param state in words that are others when it got on; empty where that is not known
   * @param underway its node's kubelet is known to make or run it, and tells of no error
   */
  record Look(String trouble, String state, boolean underway) {}

  /** Namespace and name, for the journal: enough for another process to delete it. */
  Map<String, String> identity();

  /**
   * Creates the pod.
   *
   * @param arguments of the agent
   * @throws RuntimeException if the cluster refuses
   */
  void start(List<String> arguments);

  /** Everything that it said so far; what was known last where the node cannot be asked. */
  List<AgentLine> said();

  /** One request; what it could not find out is empty. */
  Look look();

  /** The {@link Look#trouble} of a look. */
  default String trouble() {
    return look().trouble();
  }

  /** What is told of it beside its state, the newest last; empty where that is not known. */
  default String events() {
    return "";
  }

  /** Asks for its end, which ends the fault. */
  void delete();

  /** Whether the cluster knows it no more. */
  boolean gone();
}
