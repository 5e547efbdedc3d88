package dev.muster.lab.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs programs by argument lists, never through a shell. */
public final class Command {
  private static final int TAIL = 2000;

  private Command() {}

  public record Result(int exit, String output) {}

  /**
   * Runs to the end and returns standard output and error together.
   *
   * @throws LabException if the exit code is not 0; the message has the command and the output's
   *     tail
   */
  public static String run(List<String> command, Map<String, String> environment) {
    Result result = tried(command, environment);
    if (result.exit() != 0) {
      throw failed(command, result);
    }
    return result.output();
  }

  public static String run(List<String> command) {
    return run(command, Map.of());
  }

  public static String run(String... command) {
    return run(List.of(command));
  }

  /** Runs to the end whatever the exit code. */
  public static Result tried(List<String> command, Map<String, String> environment) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new LabException(
          "can not run " + command.getFirst() + " (" + e.getMessage() + "); see: muster doctor");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while running " + command.getFirst());
    }
  }

  /** Starts a program that outlives this process, with its output in a log file. */
  public static ProcessId start(List<String> command, Map<String, String> environment, Path log) {
    try {
      Files.createDirectories(log.getParent());
      // a session of its own: Ctrl-C in the user's terminal is not meant for the lab
      var detached = new java.util.ArrayList<>(List.of("setsid"));
      detached.addAll(command);
      ProcessBuilder builder =
          new ProcessBuilder(detached)
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      return ProcessId.of(builder.start().pid());
    } catch (IOException e) {
      throw new LabException("can not start " + command.getFirst() + ": " + e.getMessage());
    }
  }

  private static LabException failed(List<String> command, Result result) {
    String output = result.output().strip();
    String tail = output.length() > TAIL ? output.substring(output.length() - TAIL) : output;
    return new LabException(
        "exit code " + result.exit() + " from: " + String.join(" ", command) + "\n" + tail);
  }
}
