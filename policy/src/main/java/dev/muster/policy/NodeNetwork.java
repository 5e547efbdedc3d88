package dev.muster.policy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The network namespace of a node, known by its file. It calls iptables by its unqualified name, as
 * kube-proxy does: both then write by the same of its two kinds.
 */
record NodeNetwork(Path file) {

  /**
   * Tells one boot of the node from the next; empty while it has no namespace. With the time of its
   * making, because a kernel may give the inode's number to another namespace once it is free.
   */
  Optional<String> identity() {
    try {
      Map<String, Object> seen = Files.readAttributes(file, "unix:ino,ctime");
      return Optional.of(seen.get("ino") + " " + seen.get("ctime"));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Puts the rules in place of those of before, whatever those were, also those of a process that
   * was killed. Between two calls every packet meets either the old rules or the new.
   *
   * @return whether nothing of before is left; the kernel frees the sets of old rules some time
   *     after the rules are gone
   */
  boolean apply(RuleSet rules) throws IOException, InterruptedException {
    String present = run("", "iptables-save", "-t", RuleSet.TABLE);
    run(rules.forIpset(), "ipset", "restore", "-exist");
    run(
        rules.forIptables(
            chains(present), present.lines().anyMatch(("-A " + RuleSet.JUMP)::equals)),
        "iptables-restore",
        "--noflush");
    return removeSetsBut(rules.sets().keySet());
  }

  private static Set<String> chains(String saved) {
    return saved
        .lines()
        .filter(l -> l.startsWith(":" + RuleSet.PREFIX))
        .map(l -> l.substring(1, l.indexOf(' ')))
        .collect(Collectors.toUnmodifiableSet());
  }

  private boolean removeSetsBut(Set<String> wanted) throws IOException, InterruptedException {
    boolean all = true;
    for (String set : run("", "ipset", "list", "-name").lines().toList()) {
      if (set.startsWith(RuleSet.PREFIX) && !wanted.contains(set)) {
        all &= tried("", List.of("ipset", "destroy", set)).exit() == 0;
      }
    }
    return all;
  }

  private String run(String input, String... command) throws IOException, InterruptedException {
    Ended ended = tried(input, List.of(command));
    if (ended.exit() != 0) {
      throw new IOException(
          "exit code %d from %s in %s: %s"
              .formatted(ended.exit(), String.join(" ", command), file, ended.output().strip()));
    }
    return ended.output();
  }

  private record Ended(int exit, String output) {}

  private Ended tried(String input, List<String> command) throws IOException, InterruptedException {
    List<String> inside = new ArrayList<>(List.of("nsenter", "--net=" + file));
    inside.addAll(command);
    Process process = new ProcessBuilder(inside).redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // it ended before it had read all: its exit code and its words say why
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }
}
