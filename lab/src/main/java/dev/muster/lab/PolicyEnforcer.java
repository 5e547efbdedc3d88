package dev.muster.lab;

import dev.muster.lab.host.Command;
import dev.muster.lab.host.LabException;
import dev.muster.lab.host.ProcessId;
import dev.muster.lab.host.Wait;
import dev.muster.lab.node.Addresses;
import dev.muster.lab.node.Fabric;
import dev.muster.lab.node.Node;
import dev.muster.policy.Enforcer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The process that enforces NetworkPolicy on all nodes: Muster's own Java with Muster's jars. */
record PolicyEnforcer(Addresses at, Path folder) {
  /** Its name among the lab's processes, its logs and its credentials. */
  static final String NAME = "network-policy";

  /** The user that addons.yaml gives its rights to. */
  static final String USER = "muster-network-policy";

  /** As long as it lives: Java begins slowly on a machine that is emulated. */
  private static final Duration FIRST = Duration.ofMinutes(3);

  ProcessId start(List<Node> nodes) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(cache());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Enforcer.class.getName(),
            folder.resolve("pki").resolve(NAME + ".conf").toString(),
            ready().toString()));
    for (Node node : nodes) {
      command.add(node.name() + "=" + Fabric.file(at.namespace(node.name())));
    }
    return Command.start(
        Fabric.inside(at.namespace("cp"), command),
        Map.of(),
        folder.resolve("logs").resolve(NAME + ".log"));
  }

  /** The cache of classes that Muster itself was started with; nothing where it has none. */
  private static List<String> cache() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(a -> a.startsWith("-XX:AOTCache=") || a.equals("-Xlog:disable"))
        .toList();
  }

  /**
   * Returns when the policies of the cluster are in force on all nodes.
   *
   * @param process that was started
   * @throws LabException if it has ended, or is not that far when the time is over
   */
  void awaitFirstPass(Pace pace, ProcessId process, NotReady logs) {
    Duration limit = pace.limit(FIRST);
    boolean known = Wait.until(() -> Files.exists(ready()) || !process.alive(), limit);
    if (!Files.exists(ready())) {
      throw new LabException(
          "network policies are not in force%s%s"
              .formatted(
                  known ? ": what enforces them has ended" : " after " + limit.toSeconds() + " s",
                  logs.last(NAME + ".log", _ -> true).orElse("")));
    }
  }

  private Path ready() {
    return folder.resolve(NAME + ".ready");
  }
}
