package dev.muster.report;

import dev.muster.engine.after.RunFate;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Refusal;
import dev.muster.engine.home.RunFolder;
import dev.muster.source.NearestName;
import dev.muster.timeline.file.Journal;
import dev.muster.timeline.file.JournalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The folder of all runs. */
public final class RunsFolder {
  private static final String NONE = "no report";
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern TIME =
      Pattern.compile("^([0-9]{4})([0-9]{2})([0-9]{2})-([0-9]{2})([0-9]{2})([0-9]{2})-");

  private RunsFolder() {}

  /**
   * A run as a list shows it.
   *
   * @param verdict pass, fail or inconclusive; of a run that has not ended, or left a fault, what
   *     became of it; "no report" where there is none
   * @param started when, in UTC; empty where nothing tells
   * @param seconds from there to the end; null without a report
   * @param interrupted how long clients could not rely on the service, as in {@link RunsTable}
   * @param lost how many requests of how many, as there
   */
  public record Entry(
      String id,
      String verdict,
      String started,
      @Nullable Double seconds,
      String interrupted,
      String lost,
      Path folder) {}

  /** All runs, the newest first. */
  public static List<Entry> list(Path runs) {
    return folders(runs).reversed().stream().map(RunsFolder::entry).toList();
  }

  private static Entry entry(Path folder) {
    JsonNode report = report(folder);
    String started = report.path("started").asString("");
    String ended = report.path("ended").asString("");
    Double seconds = seconds(started, ended);
    boolean reported = report.has("requests");
    return new Entry(
        name(folder),
        state(folder, report.path("verdict").asString(NONE)),
        started.isEmpty() ? byName(name(folder)) : started,
        seconds,
        reported ? RunsTable.interrupted(report) : "",
        reported ? RunsTable.lost(report) : "",
        folder);
  }

  private static @Nullable Double seconds(String started, String ended) {
    try {
      return Duration.between(Instant.parse(started), Instant.parse(ended)).toMillis() / 1000.0;
    } catch (DateTimeParseException e) {
      return null; // it never came to its end, or somebody wrote into the report
    }
  }

  /** A run that was killed has no report, but its name begins with its time. */
  private static String byName(String id) {
    Matcher time = TIME.matcher(id);
    return time.find() ? time.replaceFirst("$1-$2-$3T$4:$5:$6Z").substring(0, 20) : "";
  }

  /**
   * The folder of a run, by its id, a part of it that only one has, {@code latest}, or its path.
   *
   * @throws Refusal if there is none, or more than one
   */
  public static Path find(Path runs, String run) {
    if (!run.isBlank() && Files.exists(Path.of(run).resolve(Journal.FILE))) {
      return Path.of(run).toAbsolutePath().normalize();
    }
    if (run.isBlank() || run.contains("/")) {
      throw new Refusal(
          ExitCode.USAGE,
          "'" + run + "' is no run's folder: there is no " + Journal.FILE + " in it");
    }
    List<Path> all = folders(runs);
    if (all.isEmpty()) {
      throw new Refusal(ExitCode.USAGE, "there are no runs in " + runs + " yet");
    }
    if (run.equals("latest")) {
      return all.getLast();
    }
    List<Path> fitting = all.stream().filter(f -> name(f).contains(run)).toList();
    List<Path> exact = all.stream().filter(f -> name(f).equals(run)).toList();
    if (exact.size() == 1 || fitting.size() == 1) {
      return exact.isEmpty() ? fitting.getFirst() : exact.getFirst();
    }
    List<String> names = all.stream().map(RunsFolder::name).toList();
    throw new Refusal(
        ExitCode.USAGE,
        fitting.isEmpty()
            ? "no run "
                + run
                + NearestName.to(run, names).map(n -> "; did you mean " + n + "?").orElse("")
                + " (muster runs lists them)"
            : run + " fits more than one run: " + fitting.stream().map(RunsFolder::name).toList());
  }

  private static String name(Path folder) {
    return folder.getFileName().toString();
  }

  private static List<Path> folders(Path runs) {
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(runs)) {
      return all.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String state(Path folder, String verdict) {
    try {
      return RunFate.of(new RunFolder(folder)).words(verdict);
    } catch (JournalException e) {
      return verdict.equals(NONE) ? "unreadable" : verdict;
    }
  }

  private static JsonNode report(Path folder) {
    Path report = folder.resolve(Reports.JSON);
    ObjectNode unreadable = JSON.createObjectNode().put("verdict", "unreadable");
    if (!Files.isRegularFile(report)) {
      return JSON.createObjectNode();
    }
    try {
      JsonNode read = JSON.readTree(Files.readString(report));
      return read.has("verdict") ? read : unreadable;
    } catch (IOException | JacksonException e) {
      return unreadable;
    }
  }
}
