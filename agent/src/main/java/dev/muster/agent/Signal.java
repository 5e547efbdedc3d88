package dev.muster.agent;

import java.util.List;
import java.util.stream.Collectors;

/** Signals to processes of the node. */
final class Signal {
  private Signal() {}

  static void send(String signal, NodeProcess process) {
    Programs.run(List.of("/bin/busybox", "kill", "-" + signal, Long.toString(process.pid())));
  }

  static String names(List<NodeProcess> processes) {
    return processes.stream().map(p -> p.pid() + " " + p.name()).collect(Collectors.joining(", "));
  }
}
