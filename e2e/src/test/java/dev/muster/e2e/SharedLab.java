package dev.muster.e2e;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A lab used from outside as if it were foreign: only its kubeconfig and a power command. Short
 * timing (grace period 20 s), so that a test class fits into minutes; reports say so.
 */
final class SharedLab implements AutoCloseable {
  private final Muster owner;
  private final String name;

  SharedLab(Path home, String name) {
    this.owner = new Muster(home);
    this.name = name;
    require(
        owner.run(
            Duration.ofMinutes(30),
            "lab",
            "up",
            "--name",
            name,
            "--set",
            "kube-controller-manager.node-monitor-grace-period=20s"));
  }

  Path kubeconfig() {
    return Path.of(lastLine("lab", "kubeconfig", "--name", name));
  }

  String url() {
    return lastLine("lab", "status", "--name", name, "--url");
  }

  /** Before it may stand what the launcher says. */
  private String lastLine(String... command) {
    return require(owner.run(Duration.ofSeconds(60), command))
        .lines()
        .reduce((_, line) -> line)
        .orElseThrow();
  }

  private static String require(Muster.Ended ended) {
    if (ended.exit() != 0) {
      throw new AssertionError(ended.output());
    }
    return ended.output();
  }

  @Override
  public void close() {
    require(owner.run(Duration.ofMinutes(2), "lab", "down", "--name", name));
  }
}
