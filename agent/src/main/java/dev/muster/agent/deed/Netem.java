package dev.muster.agent.deed;

import dev.muster.agent.node.FaultException;
import dev.muster.agent.node.Interfaces;
import dev.muster.agent.node.Programs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Delay and loss by the kernel's netem, as the root qdisc of the interfaces that lead out. */
public final class Netem implements Deed {
  /** Ours, in all places: found again by it. */
  public static final String HANDLE = "4d55:";

  private final String address;
  private final List<String> options;

  /**
   * @param options like {@code delay 100ms 10ms}
   */
  Netem(String address, List<String> options) {
    this.address = address;
    this.options = List.copyOf(options);
  }

  /** Tried where it harms nobody: in a network namespace of its own. */
  public static boolean available() {
    return Programs.tried(
            "unshare", "--net", "tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms")
        .good();
  }

  @Override
  public List<String> undo() {
    if (!available()) {
      throw new FaultException("the kernel of this node has no netem (sch_netem)");
    }
    List<String> lines = new ArrayList<>();
    for (String device : Interfaces.outward(address)) {
      String root = Programs.run(List.of("tc", "qdisc", "show", "dev", device, "root"));
      // handle 0: is the kernel's own default; anything else was put there by somebody
      if (!root.contains(" 0: ")) {
        throw new FaultException(
            "interface " + device + " has a queue of somebody's already: " + root);
      }
      lines.add("qdisc " + device + " " + HANDLE);
    }
    return lines;
  }

  @Override
  public void inject() {
    for (String device : Interfaces.outward(address)) {
      List<String> command =
          new ArrayList<>(
              List.of("tc", "qdisc", "add", "dev", device, "root", "handle", HANDLE, "netem"));
      command.addAll(options);
      Programs.run(command);
    }
  }

  @Override
  public Optional<Map<String, String>> effect() {
    String shown = Programs.tried("tc", "-s", "qdisc", "show").output();
    return shown.contains("netem " + HANDLE)
        ? Optional.of(Map.of("netem", String.join(" ", options)))
        : Optional.empty();
  }

  @Override
  public Optional<String> remains() {
    return effect().map(_ -> "qdisc " + HANDLE);
  }
}
