package dev.muster.agent.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs by argument lists, never through a shell, each for a bounded time. */
public final class Programs {
  private static final long SECONDS = 20;

  private Programs() {}

  public record Result(int exit, String output) {
    public boolean good() {
      return exit == 0;
    }
  }

  /** A program that is missing gives exit code 127, as a shell would. */
  static Result tried(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      Thread watch =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exit = process.waitFor();
      watch.interrupt();
      return new Result(exit, output.strip());
    } catch (IOException e) {
      return new Result(127, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Result(130, "interrupted");
    }
  }

  public static Result tried(String... command) {
    return tried(List.of(command));
  }

  /**
   * @throws FaultException if the exit code is not 0
   */
  public static String run(List<String> command) {
    Result result = tried(command);
    if (!result.good()) {
      throw new FaultException(
          "exit code "
              + result.exit()
              + " from "
              + String.join(" ", command)
              + ": "
              + result.output());
    }
    return result.output();
  }
}
