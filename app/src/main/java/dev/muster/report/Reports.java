package dev.muster.report;

import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillException;
import dev.muster.drill.file.DrillFile;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Refusal;
import dev.muster.load.stats.Series;
import dev.muster.source.Trouble;
import dev.muster.timeline.file.Journal;
import dev.muster.timeline.file.RunFiles;
import dev.muster.timeline.file.SeriesFile;
import dev.muster.verdict.Verdict;
import dev.muster.verdict.check.clients.Users;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/** Computes verdict and reports from a run folder alone, as often as wanted. */
public final class Reports {
  static final String JSON = "report.json";

  /** Programs read English, whatever the languages of the reports for people. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .addModule(
              new SimpleModule()
                  .addSerializer(Sentence.class, new ToStringSerializer(Sentence.class)))
          .build();

  private Reports() {}

  private record Judged(
      History history, Optional<SeriesFile> measured, Verdict verdict, ReportModel model) {}

  /**
   * Judges the run and writes its reports into its folder, over older ones.
   *
   * @throws Refusal if the folder is no run's, or cannot be written
   */
  public static Verdict write(Path runFolder) {
    return write(runFolder, ZoneId.systemDefault());
  }

  /**
   * @param zone whose times pages for people tell beside UTC
   */
  static Verdict write(Path runFolder, ZoneId zone) {
    Judged run = judge(runFolder);
    var report = run.history.drill().report();
    Series series = Series.of(run.history.ledger(), Chart.origin(run.history));
    put(runFolder, JSON, MAPPER.writeValueAsString(run.model));
    if (report.formats().contains("html")) {
      for (String language : report.languages()) {
        put(
            runFolder,
            html(language),
            ReportPage.html(run.model, series, run.measured, Messages.in(language), zone));
      }
    }
    if (report.formats().contains("markdown")) {
      String language = report.languages().contains("en") ? "en" : report.languages().getFirst();
      put(runFolder, "report.md", ReportPage.markdown(run.model, Messages.in(language)));
    }
    if (report.formats().contains("junit")) {
      put(runFolder, "junit.xml", JUnitXml.of(run.model));
    }
    return run.verdict;
  }

  /** The verdict for a terminal: findings, phases and requests, a line each. */
  public static String summary(Path runFolder) {
    return Summary.of(judge(runFolder).model);
  }

  /** The report to look at first, of those that the drill wanted. */
  public static Path best(Path runFolder) {
    return Stream.of("report.html", "report.zh.html", "report.md", JSON)
        .map(runFolder::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .orElse(runFolder);
  }

  /**
   * The report for programs.
   *
   * @throws Refusal if the run has none yet
   */
  public static Path json(Path runFolder) {
    Path report = runFolder.resolve(JSON);
    if (!Files.isRegularFile(report)) {
      throw new Refusal(
          ExitCode.USAGE, "no report in " + runFolder + " yet: muster resume, or muster report");
    }
    return report;
  }

  private static String html(String language) {
    return language.equals("en") ? "report.html" : "report." + language + ".html";
  }

  private static Judged judge(Path runFolder) {
    if (!Files.isRegularFile(runFolder.resolve(Journal.FILE))
        || !Files.isRegularFile(runFolder.resolve("drill.yaml"))) {
      throw new Refusal(
          ExitCode.USAGE,
          runFolder + " is no run's folder: it needs drill.yaml and " + Journal.FILE);
    }
    var files = RunFiles.read(runFolder);
    var timeline = files.timeline();
    var ledger = files.ledger();
    List<Sentence> notes = new ArrayList<>();
    if (timeline.torn()) {
      notes.add(
          Sentence.of(
              "the last line of the timeline was cut short: Muster was killed while writing it"));
    }
    timeline
        .unknown()
        .forEach((type, n) ->
            notes.add(Sentence.of("%d events of type %s are of a later version", n, type)));
    if (ledger.torn()) {
      notes.add(
          Sentence.of("the end of the ledger was cut short: Muster was killed while writing it"));
    }
    var drill = drill(runFolder, files);
    var history =
        new History(
            drill,
            timeline.events(),
            ledger.rows(),
            ledger.retries(),
            files.traces(),
            files.integrity());
    long resumed = ledger.rows().stream().filter(r -> r.resumes() > 0 && r.answered()).count();
    if (resumed > 0) {
      notes.add(
          Sentence.of(
              "%d answers broke off and are whole, since their clients asked for the rest",
              resumed));
    }
    Users.of(history).map(Users::sentence).ifPresent(notes::add);
    var verdict = Verdict.of(history);
    return new Judged(
        history,
        files.series(),
        verdict,
        ReportModel.of(runFolder.getFileName().toString(), history, verdict, notes));
  }

  /** A drill that was changed so that it is none any more leaves nothing to judge by. */
  private static Drill drill(Path runFolder, RunFiles files) {
    Path file = runFolder.resolve("drill.yaml");
    try {
      return DrillFile.readKept(file);
    } catch (DrillException e) {
      if (files.integrity().damage().stream().anyMatch(d -> d.file().equals("drill.yaml"))) {
        throw new Refusal(
            ExitCode.USAGE,
            file
                + " is not as it was when the run ended, and is no drill any more: "
                + e.getMessage()
                + "; put back what it was to have the run judged");
      }
      throw e;
    }
  }

  /** Whole or not at all: a reader never sees half a report. */
  private static void put(Path folder, String name, String text) {
    try {
      // no temporary file of Java's: only its owner could read that, and so the report
      Path fresh = folder.resolve(name + "." + ProcessHandle.current().pid() + ".partial");
      Files.writeString(fresh, text);
      Files.move(fresh, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new Refusal(
          ExitCode.ENVIRONMENT, "can not write " + folder.resolve(name) + ": " + Trouble.why(e));
    }
  }
}
