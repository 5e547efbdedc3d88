package dev.muster.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** kubectl with the lab's kubeconfig. */
record Kubectl(Path program, Path kubeconfig) {

  String run(String... arguments) {
    return Command.run(line(arguments));
  }

  Command.Result tried(String... arguments) {
    return Command.tried(line(arguments), Map.of());
  }

  List<String> line(String... arguments) {
    List<String> line =
        new ArrayList<>(List.of(program.toString(), "--kubeconfig", kubeconfig.toString()));
    line.addAll(List.of(arguments));
    return line;
  }
}
