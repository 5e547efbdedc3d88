package dev.muster.agent.deed;

import dev.muster.agent.node.Containers;
import dev.muster.agent.node.NodeProcess;
import dev.muster.agent.node.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** SIGKILL to the main process of containers. Nothing to undo: the kubelet starts them again. */
final class Kill implements Deed {
  private final List<String> containers;
  private final List<NodeProcess> victims = new ArrayList<>();

  /**
   * @param containers their ids, as the runtime knows them
   */
  Kill(List<String> containers) {
    this.containers = List.copyOf(containers);
  }

  @Override
  public List<String> undo() {
    containers.forEach(id -> victims.add(Containers.main(id)));
    return List.of();
  }

  @Override
  public void inject() {
    for (NodeProcess victim : victims) {
      if (victim.alive()) {
        Signal.send("KILL", victim);
      }
    }
  }

  @Override
  public Optional<Map<String, String>> effect() {
    boolean all = victims.stream().noneMatch(NodeProcess::alive);
    return all && !victims.isEmpty()
        ? Optional.of(Map.of("killed", Signal.names(victims)))
        : Optional.empty();
  }

  @Override
  public Optional<String> remains() {
    return Optional.empty();
  }
}
