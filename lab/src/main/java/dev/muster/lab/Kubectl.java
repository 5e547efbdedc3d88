package dev.muster.lab;

import dev.muster.lab.host.Command;
import dev.muster.lab.node.Addresses;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** kubectl with the lab's kubeconfig, and without a proxy to the lab. */
record Kubectl(Path program, Path kubeconfig) {

  String run(String... arguments) {
    return Command.run(line(List.of(arguments)), environment());
  }

  Command.Result tried(String... arguments) {
    return Command.tried(line(List.of(arguments)), environment());
  }

  /** Not started yet. */
  ProcessBuilder builder(List<String> arguments) {
    ProcessBuilder builder = new ProcessBuilder(line(arguments));
    builder.environment().putAll(environment());
    return builder;
  }

  private List<String> line(List<String> arguments) {
    List<String> line =
        new ArrayList<>(List.of(program.toString(), "--kubeconfig", kubeconfig.toString()));
    line.addAll(arguments);
    return line;
  }

  private static Map<String, String> environment() {
    return Addresses.withoutProxy(System.getenv());
  }
}
