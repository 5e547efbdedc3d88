package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running lab and the inside of its nodes, as root of this machine sees them. */
record LabFolder(Path folder) {

  /** The lab's own kubectl, without the launcher, whose start takes longer than the question. */
  String kubectl(String... arguments) {
    return program(binaries().resolve("kubectl"), arguments);
  }

  /** The helm that drills deploy with. */
  String helm(String... arguments) {
    return program(binaries().resolveSibling("helm").resolve("helm"), arguments);
  }

  private Path binaries() {
    return Path.of(json("boot.json").get("binaries").asString());
  }

  private String program(Path program, String... arguments) {
    List<String> line = new ArrayList<>();
    line.add(program.toString());
    line.addAll(List.of("--kubeconfig", folder.resolve("pki/admin.conf").toString()));
    line.addAll(List.of(arguments));
    return ended(line);
  }

  /** Runs a program among a node's processes and files. */
  String inside(String node, String... command) {
    List<String> line =
        new ArrayList<>(
            List.of("nsenter", "--target", Long.toString(init(node)), "--pid", "--mount", "--"));
    line.addAll(List.of(command));
    return ended(line);
  }

  /** What a node's init says. */
  String initLog(String node) {
    try {
      return Files.readString(folder.resolve("logs").resolve(node + "-boot.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The loop devices that carry a node's disk. */
  List<String> loops(String node) {
    Path disk = folder.resolve("nodes").resolve(node).resolve("disk.img");
    return HostState.now().lines().stream()
        .filter(l -> l.startsWith("loop device ") && l.endsWith(" " + disk))
        .toList();
  }

  private long init(String node) {
    for (JsonNode known : json("state.json").get("nodes")) {
      if (known.get("name").asString().equals(node)) {
        return ProcessHandle.of(known.get("holder").get("pid").asLong())
            .flatMap(p -> p.children().findFirst())
            .orElseThrow(() -> new AssertionError(node + " is off"))
            .pid();
      }
    }
    throw new AssertionError("no node " + node + " in " + folder);
  }

  private JsonNode json(String file) {
    return new JsonMapper().readTree(folder.resolve(file).toFile());
  }

  static String ended(List<String> line) {
    try {
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("%s: %s", line, output).isZero();
      return output.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
