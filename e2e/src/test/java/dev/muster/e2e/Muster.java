package dev.muster.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The launcher in a home of its own, as a user has it. */
final class Muster {
  /** A log of failures is cut in the middle: so many lines hold the table of all findings. */
  private static final int END_LINES = 60;

  /** Drills of two classes run beside each other; who measures again has the machine alone. */
  private static final ReadWriteLock DRILLS = new ReentrantReadWriteLock(true);

  private static final JsonMapper JSON = new JsonMapper();

  private final Path dist;
  private final Path home;

  Muster(Path home) {
    this.home = home;
    this.dist = Path.of("..").toAbsolutePath().normalize();
  }

  /** What a finished command left: its exit code and all that it printed. */
  record Ended(int exit, String output) {
    /** The verdict and its findings, which come last, before all that led to them. */
    String endFirst() {
      List<String> lines = output.lines().toList();
      int end = Math.max(0, lines.size() - END_LINES);
      return String.join("\n", lines.subList(end, lines.size()))
          + "\n== and before that\n"
          + String.join("\n", lines.subList(0, end));
    }
  }

  /** A drill begins once nobody measures alone. */
  Ended run(Duration atMost, String... arguments) {
    if (!arguments[0].equals("run")) {
      return ended(atMost, arguments);
    }
    DRILLS.readLock().lock();
    try {
      return ended(atMost, arguments);
    } finally {
      DRILLS.readLock().unlock();
    }
  }

  /** Something that is measured. */
  interface Measurement<T, E extends Exception> {
    T take() throws E;
  }

  /** Takes it beside no other drill; one that it starts itself is its own. */
  <T, E extends Exception> T alone(Measurement<T, E> measurement) throws E {
    DRILLS.writeLock().lock();
    try {
      return measurement.take();
    } finally {
      DRILLS.writeLock().unlock();
    }
  }

  private Ended ended(Duration atMost, String... arguments) {
    Process process = start(arguments);
    try {
      if (!process.waitFor(atMost.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            "muster "
                + String.join(" ", arguments)
                + " took more than "
                + atMost
                + ":\n"
                + output());
      }
      return new Ended(process.exitValue(), output());
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * A drill's end. Where this machine was too busy to send requests at their time, or to let a
   * stress be seen beside all else, nothing was measured, and Muster says so: then it is measured
   * once more, beside no other drill.
   */
  Ended measured(Duration atMost, String... arguments) {
    Ended ended = run(atMost, arguments);
    if (ended.exit() == 2
        && Stream.of("load", "faultVerified")
            .anyMatch(c -> finding(report(), c).get("status").asString().equals("inconclusive"))) {
      System.out.println("measured again, for the machine was too busy:\n" + ended.output());
      return alone(() -> ended(atMost, arguments));
    }
    return ended;
  }

  Process start(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(dist.resolve("muster").toString());
    command.addAll(List.of(arguments));
    try {
      Files.createDirectories(home);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(dist.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log().toFile());
      builder.environment().put("MUSTER_HOME", home.toString());
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String output() {
    try {
      return Files.readString(log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log() {
    return home.resolve("output.log");
  }

  Path dist() {
    return dist;
  }

  /** The folders of all runs, the oldest first. */
  List<Path> runs() {
    if (!Files.isDirectory(home.resolve("runs"))) {
      return List.of();
    }
    try (Stream<Path> runs = Files.list(home.resolve("runs"))) {
      return runs.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder of the newest run. */
  Path newestRun() {
    return runs().getLast();
  }

  JsonNode report() {
    return JSON.readTree(newestRun().resolve("report.json").toFile());
  }

  List<String> timeline() {
    try {
      return Files.readAllLines(newestRun().resolve("timeline.jsonl"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The finding of a check, as the report says it. */
  static JsonNode finding(JsonNode report, String check) {
    for (JsonNode finding : report.get("findings")) {
      if (finding.get("check").asString().equals(check)) {
        return finding;
      }
    }
    throw new AssertionError("no finding " + check + " in " + report.get("findings"));
  }
}
