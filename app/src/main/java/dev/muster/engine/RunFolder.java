package dev.muster.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Properties;
import java.util.random.RandomGenerator;

/** The folder of one run: everything that a report or an undo needs, and nothing else. */
public record RunFolder(Path path) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  /**
   * A new folder with a name that sorts by time, holding a copy of the drill.
   *
   * @throws Refusal if it can not be written
   */
  public static RunFolder create(Path runs, String drill, Path drillFile, Instant now) {
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
      Files.copy(drillFile, path.resolve("drill.yaml"));
    } catch (IOException e) {
      throw new Refusal(
          ExitCode.ENVIRONMENT,
          "can not write the run folder "
              + path
              + " ("
              + e.getMessage()
              + "); free space or set MUSTER_HOME");
    }
    return new RunFolder(path);
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
      throw new Refusal(ExitCode.ENVIRONMENT, "can not write " + path + ": " + e.getMessage());
    }
  }

  public java.util.Map<String, String> readSite() {
    Properties site = new Properties();
    try (var in = Files.newBufferedReader(path.resolve("site.properties"))) {
      site.load(in);
    } catch (IOException e) {
      return java.util.Map.of();
    }
    var found = new java.util.TreeMap<String, String>();
    site.stringPropertyNames().forEach(k -> found.put(k, site.getProperty(k)));
    return found;
  }
}
