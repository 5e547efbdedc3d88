package dev.muster.fault;

import dev.muster.drill.Drill;
import dev.muster.drill.port.Power;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Power by the user's own commands, so that any cloud's or server's tool fits. Commands are
 * argument lists, never given to a shell; {@code {{node}}} in any argument becomes the node's name.
 * Safe for several threads as far as the commands are.
 */
public final class CommandPower implements Power {
  private static final long TIMEOUT_SECONDS = 120;
  private static final Set<String> ON = Set.of("on", "running", "started", "ready", "active");
  private static final Set<String> OFF =
      Set.of("off", "stopped", "shutdown", "terminated", "deallocated");

  /** On the way from one to the other. */
  private static final Set<String> BETWEEN =
      Set.of("pending", "starting", "provisioning", "staging", "stopping", "deallocating");

  private final Drill.PowerHook hook;

  public CommandPower(Drill.PowerHook hook) {
    this.hook = hook;
  }

  @Override
  public void off(String node) {
    run(hook.off(), node);
  }

  @Override
  public void on(String node) {
    run(hook.on(), node);
  }

  /**
   * The last word that the state command prints; UNKNOWN where there is none, and while the node is
   * on its way.
   *
   * @throws PowerException for a word that is not known: who misunderstands a provider believes
   *     anything
   */
  @Override
  public State state(String node) {
    if (hook.state().isEmpty()) {
      return State.UNKNOWN;
    }
    String[] words = run(hook.state(), node).strip().toLowerCase(Locale.ROOT).split("\\s+", -1);
    String word = words[words.length - 1];
    if (!ON.contains(word) && !OFF.contains(word) && !BETWEEN.contains(word)) {
      throw new PowerException(
          "the power command for the state of %s ends with the word '%s', which is not known; it must be one of %s, %s: %s"
              .formatted(
                  node,
                  word,
                  String.join(" ", new TreeSet<>(ON)),
                  String.join(" ", new TreeSet<>(OFF)),
                  String.join(" ", hook.state())));
    }
    return ON.contains(word) ? State.ON : OFF.contains(word) ? State.OFF : State.UNKNOWN;
  }

  @Override
  public String describe() {
    return "command " + String.join(" ", hook.on());
  }

  private static String run(List<String> template, String node) {
    List<String> command = template.stream().map(a -> a.replace("{{node}}", node)).toList();
    String line = String.join(" ", command);
    try {
      // to files: nobody empties a pipe while this waits, and a child left behind keeps it open
      Path out = Files.createTempFile("power", ".out");
      Path err = Files.createTempFile("power", ".err");
      try {
        return run(command, line, out, err);
      } finally {
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
      }
    } catch (IOException e) {
      throw new PowerException("can not run the power command " + line + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PowerException("interrupted during the power command " + line);
    }
  }

  private static String run(List<String> command, String line, Path out, Path err)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new PowerException(
            "power command did not end within " + TIMEOUT_SECONDS + " s: " + line);
      }
      if (process.exitValue() != 0) {
        throw new PowerException(
            "power command ended with exit code "
                + process.exitValue()
                + ": "
                + line
                + "\n"
                + tail((text(out) + "\n" + text(err)).strip()));
      }
      return text(out);
    } finally {
      // only while the command itself lives: what it left behind in the end is its own business
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** A tool's output need not be UTF-8. */
  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
  }

  private static String tail(String output) {
    return output.length() > 500 ? "…" + output.substring(output.length() - 500) : output;
  }
}
