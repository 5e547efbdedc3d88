package dev.muster.agent.node;

import java.util.List;
import java.util.stream.Collectors;

/** Signals to processes of the node. */
public final class Signal {
  private Signal() {}

  public static void send(String signal, NodeProcess process) {
    Programs.run(List.of("/bin/busybox", "kill", "-" + signal, Long.toString(process.pid())));
  }

  public static String names(List<NodeProcess> processes) {
    return processes.stream().map(p -> p.pid() + " " + p.name()).collect(Collectors.joining(", "));
  }
}
