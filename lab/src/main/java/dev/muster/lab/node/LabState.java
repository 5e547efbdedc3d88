package dev.muster.lab.node;

import dev.muster.lab.host.LabException;
import dev.muster.lab.host.ProcessId;
import dev.muster.source.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is known of a lab on disk: enough to take it down from another process after any crash.
 *
 * @param index makes addresses and interface names of labs side by side differ; 0 to 99
 * @param processes of the control plane and the fabric by name
 * @param owner the process that runs {@code up}, to tell an unfinished lab from a crashed one
 */
public record LabState(
    String name,
    int index,
    String kubernetes,
    boolean complete,
    ProcessId owner,
    Map<String, String> settings,
    List<Node> nodes,
    Map<String, ProcessId> processes) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String FILE = "state.json";

  public static Optional<LabState> read(Path folder) {
    try {
      return Optional.of(JSON.readValue(Files.readString(folder.resolve(FILE)), LabState.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new LabException("can not read " + folder.resolve(FILE) + ": " + Trouble.why(e));
    }
  }

  public void write(Path folder) {
    try {
      Path fresh = Files.createTempFile(folder, "state", ".json");
      Files.writeString(fresh, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this));
      Files.move(fresh, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new LabException("can not write " + folder.resolve(FILE) + ": " + Trouble.why(e));
    }
  }

  public LabState with(Node changed) {
    List<Node> all =
        nodes.stream().map(n -> n.name().equals(changed.name()) ? changed : n).toList();
    return new LabState(name, index, kubernetes, complete, owner, settings, all, processes);
  }

  public LabState with(String process, ProcessId id) {
    Map<String, ProcessId> all = new TreeMap<>(processes);
    all.put(process, id);
    return new LabState(name, index, kubernetes, complete, owner, settings, nodes, all);
  }

  public LabState completed() {
    return new LabState(name, index, kubernetes, true, owner, settings, nodes, processes);
  }

  public Node node(String wanted) {
    return nodes.stream()
        .filter(n -> n.name().equals(wanted))
        .findFirst()
        .orElseThrow(() ->
            new LabException(
                "lab %s has no node %s; it has %s"
                    .formatted(name, wanted, nodes.stream().map(Node::name).toList())));
  }
}
