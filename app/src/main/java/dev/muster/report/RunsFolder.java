package dev.muster.report;

import dev.muster.engine.ExitCode;
import dev.muster.engine.Refusal;
import dev.muster.engine.RunFate;
import dev.muster.engine.RunFolder;
import dev.muster.source.NearestName;
import dev.muster.timeline.Journal;
import dev.muster.timeline.JournalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The folder of all runs. */
public final class RunsFolder {
  private static final String NONE = "no report";

  private RunsFolder() {}

  /**
   * A run as a list shows it.
   *
   * @param verdict pass, fail or inconclusive; of a run that has not ended, or left a fault, what
   *     became of it; "no report" where there is none
   */
  public record Entry(String id, String verdict, Path folder) {}

  /** All runs, the newest first. */
  public static List<Entry> list(Path runs) {
    return folders(runs).reversed().stream()
        .map(f -> new Entry(f.getFileName().toString(), state(f), f))
        .toList();
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

  private static String state(Path folder) {
    String verdict = verdict(folder);
    try {
      return RunFate.of(new RunFolder(folder)).words(verdict);
    } catch (JournalException e) {
      return verdict.equals(NONE) ? "unreadable" : verdict;
    }
  }

  private static String verdict(Path folder) {
    Path report = folder.resolve(Reports.JSON);
    if (!Files.isRegularFile(report)) {
      return NONE;
    }
    try {
      return new JsonMapper()
          .readTree(Files.readString(report))
          .path("verdict")
          .asString("unreadable");
    } catch (IOException | JacksonException e) {
      return "unreadable";
    }
  }
}
