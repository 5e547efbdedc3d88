package dev.muster.lab;

import dev.muster.drill.port.Power;
import dev.muster.lab.host.LabException;
import dev.muster.lab.host.ProcessId;
import dev.muster.lab.node.Addresses;
import dev.muster.lab.node.Boot;
import dev.muster.lab.node.LabState;
import dev.muster.lab.node.Node;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/** Switches the lab's nodes. Works from any process: a file lock and the state on disk. */
final class LabPower implements Power {
  private final Path folder;

  LabPower(Path folder) {
    this.folder = folder;
  }

  @Override
  public void off(String node) {
    change(node, n -> boot().off(n));
  }

  @Override
  public void on(String node) {
    if (state(node) == State.ON) {
      return;
    }
    List<Node> all = read().nodes();
    change(node, n -> boot().on(n, all));
  }

  @Override
  public State state(String node) {
    Node found = read().node(node);
    ProcessId holder = found.holder();
    return holder != null && holder.alive() && !holder.children().isEmpty() ? State.ON : State.OFF;
  }

  @Override
  public String describe() {
    return "lab " + read().name();
  }

  private synchronized void change(String node, UnaryOperator<Node> act) {
    try (FileChannel lock =
            FileChannel.open(
                folder.resolve("power.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = lock.lock()) {
      LabState state = read();
      state.with(act.apply(state.node(node))).write(folder);
    } catch (IOException | LabException e) {
      throw new PowerException("lab power for " + node + ": " + e.getMessage());
    }
  }

  private LabState read() {
    return LabState.read(folder)
        .orElseThrow(() -> new PowerException("the lab in " + folder + " is down"));
  }

  private Boot boot() {
    LabState state = read();
    return parts(folder).boot(new Addresses(state.name(), state.index()), folder);
  }

  /** What the lab was started from. */
  static Boot.Parts parts(Path folder) {
    Path file = folder.resolve("boot.json");
    try {
      return new JsonMapper().readValue(Files.readString(file), Boot.Parts.class);
    } catch (IOException e) {
      throw new LabException("can not read " + file + ": " + e.getMessage());
    }
  }

  static void remember(Path folder, Boot.Parts parts) {
    try {
      Files.writeString(folder.resolve("boot.json"), new JsonMapper().writeValueAsString(parts));
    } catch (IOException e) {
      throw new LabException("can not write " + folder + ": " + e.getMessage());
    }
  }
}
