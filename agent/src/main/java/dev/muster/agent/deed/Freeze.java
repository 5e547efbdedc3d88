package dev.muster.agent.deed;

import dev.muster.agent.node.NodeProcess;
import dev.muster.agent.node.Signal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * SIGSTOP: the process stays, holds its connections and its memory, and does nothing. Nobody's
 * supervisor starts it again, for it has not ended.
 */
final class Freeze implements Deed {
  private final Supplier<List<NodeProcess>> chosen;
  private @Nullable List<NodeProcess> victims;

  /**
   * @param chosen finds the victims when the undo is armed
   */
  Freeze(Supplier<List<NodeProcess>> chosen) {
    this.chosen = chosen;
  }

  private List<NodeProcess> victims() {
    List<NodeProcess> found = victims;
    if (found == null) {
      found = chosen.get();
      victims = found;
    }
    return found;
  }

  @Override
  public List<String> undo() {
    return victims().stream().map(p -> "cont " + p.pid() + " " + p.start()).toList();
  }

  @Override
  public void inject() {
    victims().stream().filter(NodeProcess::alive).forEach(p -> Signal.send("STOP", p));
  }

  @Override
  public Optional<Map<String, String>> effect() {
    List<NodeProcess> there = victims();
    return there.stream().allMatch(NodeProcess::stopped) ? effectOf(there) : Optional.empty();
  }

  private static Optional<Map<String, String>> effectOf(List<NodeProcess> stopped) {
    return stopped.isEmpty()
        ? Optional.empty()
        : Optional.of(Map.of("stopped", Signal.names(stopped), "state", "T"));
  }

  /** One that has ended, as where its kubelet started its container anew, goes on no more. */
  @Override
  public Optional<Map<String, String>> still() {
    List<NodeProcess> alive = victims().stream().filter(NodeProcess::alive).toList();
    if (alive.isEmpty() && !victims().isEmpty()) {
      return Optional.of(Map.of("ended", Signal.names(victims())));
    }
    return alive.stream().allMatch(NodeProcess::stopped) ? effectOf(alive) : Optional.empty();
  }

  @Override
  public Optional<String> remains() {
    return victims().stream()
        .filter(NodeProcess::stopped)
        .findFirst()
        .map(p -> "process " + p.pid() + " is still stopped");
  }
}
