package dev.muster.lab;

import dev.muster.drill.port.Progress;
import dev.muster.lab.host.Command;
import dev.muster.lab.host.LabException;
import dev.muster.lab.host.ProcessId;
import dev.muster.lab.node.Image;
import dev.muster.lab.node.Node;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Brings images into the nodes of a running lab: those that were built after it came up. */
public record LabImages(Lab lab, Progress progress) {

  /** A node's images; what is asked of it may throw {@link LabException}. */
  interface Store {
    String node();

    boolean on();

    /** Names with tags. */
    Set<String> names();

    void load(Path archive);
  }

  /**
   * Imports an archive into every node that is on.
   *
   * @throws LabException if it is no image archive, or no node is on
   */
  public void load(Path archive) {
    if (!Files.isReadable(archive)) {
      throw new LabException("can not read the image archive " + archive);
    }
    List<Store> on = stores().stream().filter(this::on).toList();
    for (Store store : on) {
      load(archive, store);
    }
    if (on.isEmpty()) {
      throw new LabException("no node of lab " + lab.name() + " is on");
    }
  }

  /**
   * Imports into every node that is on the images that it has none of by that name: a lab that came
   * up without monitoring lacks those of it. What a node has stays as it is.
   *
   * @throws LabException if a node does not tell or take them
   */
  public void complete(List<Image> images) {
    complete(images, stores());
  }

  void complete(List<Image> images, List<Store> stores) {
    for (Store store : stores.stream().filter(this::on).toList()) {
      Set<String> there = store.names();
      images.stream()
          .filter(image -> !there.contains(image.name()))
          .forEach(image -> {
            progress.say("loading " + image.name() + " into " + store.node() + ", which lacks it");
            store.load(image.archive());
          });
    }
  }

  private boolean on(Store store) {
    boolean on = store.on();
    if (!on) {
      progress.say(store.node() + " is off: not loaded there");
    }
    return on;
  }

  private void load(Path archive, Store store) {
    progress.say("loading " + archive.getFileName() + " into " + store.node());
    store.load(archive);
  }

  private List<Store> stores() {
    return lab.allNodes().stream().<Store>map(Inside::new).toList();
  }

  /** The node sees another file system than this process: the archive goes in by standard input. */
  private record Inside(Node of) implements Store {
    private static final String CTR =
        "exec nsenter --target \"$PID\" --mount ctr --namespace k8s.io images ";

    @Override
    public String node() {
      return of.name();
    }

    private List<ProcessId> processes() {
      ProcessId holder = of.holder();
      return holder == null ? List.of() : holder.children();
    }

    @Override
    public boolean on() {
      return !processes().isEmpty();
    }

    @Override
    public Set<String> names() {
      Command.Result result = ctr("list --quiet", Map.of());
      if (result.exit() != 0) {
        throw new LabException(
            "could not list the images of " + node() + ": " + result.output().strip());
      }
      return result.output().lines().map(String::strip).collect(Collectors.toSet());
    }

    @Override
    public void load(Path archive) {
      Command.Result result =
          ctr("import - < \"$ARCHIVE\"", Map.of("ARCHIVE", archive.toAbsolutePath().toString()));
      if (result.exit() != 0) {
        throw new LabException(
            "could not load " + archive + " into " + node() + ": " + result.output().strip());
      }
    }

    private Command.Result ctr(String what, Map<String, String> arguments) {
      List<ProcessId> processes = processes();
      if (processes.isEmpty()) {
        throw new LabException(node() + " is off");
      }
      Map<String, String> environment = new HashMap<>(arguments);
      environment.put("PID", Long.toString(processes.getFirst().pid()));
      return Command.tried(List.of("sh", "-c", CTR + what), environment);
    }
  }
}
