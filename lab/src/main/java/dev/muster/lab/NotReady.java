package dev.muster.lab;

import dev.muster.lab.host.Command;
import dev.muster.lab.host.ProcessId;
import dev.muster.lab.node.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Why a node is not Ready, in its own words. */
record NotReady(Kubectl kubectl, Path logs) {
  private static final Pattern KLOG_ERROR = Pattern.compile("[EF]\\d{4} .*");
  private static final int LONGEST = 400;

  String why(Node node) {
    return node.name() + ": " + words(node);
  }

  private String words(Node node) {
    ProcessId holder = node.holder();
    if (holder == null || !holder.alive()) {
      return "it ended while it booted" + last(node.name() + "-boot.log", _ -> true).orElse("");
    }
    Command.Result told =
        kubectl.tried(
            "get",
            "node",
            node.name(),
            "-o",
            "jsonpath={.status.conditions[?(@.type=='Ready')].message}");
    if (told.exit() == 0 && !told.output().isBlank()) {
      return told.output().strip();
    }
    return last(node.name() + "-kubelet.log", l -> KLOG_ERROR.matcher(l).matches())
        .or(() -> last(node.name() + "-boot.log", _ -> true))
        .map(l -> "it has not joined the cluster" + l)
        .orElse("it has not joined the cluster, and its logs say nothing");
  }

  /** The last line of a log that is meant, with its place; empty if there is none. */
  Optional<String> last(String file, Predicate<String> meant) {
    try {
      List<String> lines =
          new String(Files.readAllBytes(logs.resolve(file)), StandardCharsets.UTF_8)
              .lines()
              .filter(l -> !l.isBlank())
              .filter(meant)
              .toList();
      if (lines.isEmpty()) {
        return Optional.empty();
      }
      String line = lines.getLast();
      return Optional.of(
          "; logs/%s: %s"
              .formatted(file, line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
