package dev.muster.agent.node;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Processes of containers, found by the container's id in their cgroup. */
public final class Containers {
  private Containers() {}

  /**
   * @throws FaultException if no process of the node is in it
   */
  public static List<NodeProcess> processes(String id) {
    List<NodeProcess> found =
        NodeProcess.all().stream().filter(p -> p.cgroups().contains(id)).toList();
    if (found.isEmpty()) {
      throw new FaultException("no process of this node is in container " + id);
    }
    return found;
  }

  /** The one that is nobody's child in the container. */
  public static NodeProcess main(String id) {
    List<NodeProcess> all = processes(id);
    Set<Long> pids = all.stream().map(NodeProcess::pid).collect(Collectors.toSet());
    return all.stream()
        .filter(p -> !pids.contains(p.parent()))
        .findFirst()
        .orElseThrow(() -> new FaultException("container " + id + " has no main process"));
  }

  /**
   * @throws FaultException if there is none
   */
  public static List<NodeProcess> named(String name) {
    List<NodeProcess> found =
        NodeProcess.all().stream()
            .filter(p -> p.name().equals(name) && !p.cgroups().contains("kubepods"))
            .toList();
    if (found.isEmpty()) {
      throw new FaultException("no process named " + name + " runs on this node");
    }
    return found;
  }
}
