package dev.muster.engine.home;

import dev.muster.source.Trouble;
import dev.muster.timeline.Event;
import dev.muster.timeline.file.JournalException;
import dev.muster.timeline.file.TimelineFile;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Properties;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The folder of one run: everything that a report or an undo needs, and nothing else. */
public record RunFolder(Path path) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  /**
   * A new folder with a name that sorts by time, holding a copy of the drill.
   *
   * @param drillText its YAML
   * @throws Refusal if it cannot be written
   */
  public static RunFolder create(Path runs, String drill, String drillText, Instant now) {
    String id =
        TIME.format(now)
            + "-"
            + drill
            + "-"
            + Integer.toString(
                RandomGenerator.getDefault().nextInt(36 * 36 * 36, 36 * 36 * 36 * 36), 36);
    Path path = runs.resolve(id);
    try {
      Files.createDirectories(path.resolve("logs"));
      Files.writeString(path.resolve("drill.yaml"), drillText);
    } catch (IOException e) {
      throw new Refusal(
          ExitCode.ENVIRONMENT,
          "can not write the run folder "
              + path
              + " ("
              + Trouble.why(e)
              + "); free space or set MUSTER_HOME");
    }
    return new RunFolder(path);
  }

  /** Of a run that was refused before its fault: there is nothing to judge, and nothing to undo. */
  public void discard() {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new Refusal(ExitCode.ENVIRONMENT, "can not remove " + path + ": " + Trouble.why(e));
    }
  }

  /** Whether the journal announces a fault. */
  public boolean disturbed() {
    return Files.isRegularFile(timeline())
        && TimelineFile.read(path).events().stream().anyMatch(e -> e instanceof Event.FaultArmed);
  }

  public String id() {
    return path.getFileName().toString();
  }

  public Path drill() {
    return path.resolve("drill.yaml");
  }

  public Path timeline() {
    return path.resolve("timeline.jsonl");
  }

  public Path logs() {
    return path.resolve("logs");
  }

  /** What another process needs to find the site again; written before anything is touched. */
  public void writeSite(java.util.Map<String, String> reopen) {
    Properties site = new Properties();
    site.putAll(reopen);
    try (var out = Files.newBufferedWriter(path.resolve("site.properties"))) {
      site.store(out, null);
    } catch (IOException e) {
      throw new Refusal(ExitCode.ENVIRONMENT, "can not write " + path + ": " + Trouble.why(e));
    }
  }

  /**
   * Empty where nothing was written, or what stands there says nothing.
   *
   * @throws JournalException if it is there and cannot be read
   */
  public java.util.Map<String, String> readSite() {
    Properties site = new Properties();
    Path file = path.resolve("site.properties");
    try (var in = Files.newBufferedReader(file)) {
      site.load(in);
    } catch (NoSuchFileException e) {
      return java.util.Map.of();
    } catch (MalformedInputException | IllegalArgumentException e) { // what is no text
      return java.util.Map.of();
    } catch (IOException e) {
      throw new JournalException("can not read " + file + ": " + Trouble.why(e), e);
    }
    var found = new java.util.TreeMap<String, String>();
    site.stringPropertyNames().forEach(k -> found.put(k, site.getProperty(k)));
    return found;
  }
}
