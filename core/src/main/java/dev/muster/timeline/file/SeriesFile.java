package dev.muster.timeline.file;

import dev.muster.source.Trouble;
import dev.muster.timeline.EventJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * What was measured in the cluster over a run, kept with it so that a report needs nobody who still
 * remembers. Times are the engine's.
 *
 * @param step from one point to the next
 * @param series those that had a value
 */
public record SeriesFile(Instant from, Instant to, Duration step, List<Line> series) {
  public static final String NAME = "series.json";

  /**
   * @param name of what is measured, like {@code node_ready}
   * @param labels that tell it from the others of that name
   */
  public record Line(String name, Map<String, String> labels, List<Point> points) {}

  /**
   * @param second of the epoch
   */
  public record Point(double second, double value) {}

  /**
   * Writes it beside what the run's file has already, whole or not at all. The longer step of the
   * two stays.
   *
   * @throws JournalException if the file cannot be read or written
   */
  public void add(Path runFolder) {
    read(runFolder).map(this::after).orElse(this).write(runFolder);
  }

  private SeriesFile after(SeriesFile first) {
    var all = new ArrayList<>(first.series);
    all.addAll(series);
    return new SeriesFile(
        first.from.isBefore(from) ? first.from : from,
        first.to.isAfter(to) ? first.to : to,
        first.step.compareTo(step) > 0 ? first.step : step,
        List.copyOf(all));
  }

  /**
   * Writes it whole or not at all.
   *
   * @throws JournalException if it cannot be written
   */
  public void write(Path runFolder) {
    var root = EventJson.MAPPER.createObjectNode();
    root.put("from", from.toString()).put("to", to.toString()).put("step", step.toSeconds());
    var lines = root.putArray("series");
    for (var line : series) {
      var node = lines.addObject().put("name", line.name);
      var labels = node.putObject("labels");
      new TreeMap<>(line.labels).forEach(labels::put);
      points(node.putArray("points"), line.points);
    }
    var path = runFolder.resolve(NAME);
    try {
      var partial = runFolder.resolve(NAME + ".partial");
      Files.writeString(partial, root.toString());
      Files.move(partial, path, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new JournalException("can not write " + path + ": " + Trouble.why(e), e);
    }
  }

  private static void points(ArrayNode array, List<Point> points) {
    for (var point : points) {
      array.addArray().add(point.second).add(point.value);
    }
  }

  /**
   * Empty where the run was not measured.
   *
   * @throws JournalException if there is a file that is none of these
   */
  public static Optional<SeriesFile> read(Path runFolder) {
    var path = runFolder.resolve(NAME);
    try {
      return Optional.of(parse(EventJson.MAPPER.readTree(Files.readString(path))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | JacksonException | java.time.format.DateTimeParseException e) {
      throw new JournalException("can not read " + path + ": " + e.getMessage(), e);
    }
  }

  private static SeriesFile parse(JsonNode root) {
    var lines = new ArrayList<Line>();
    for (var node : root.path("series")) {
      var labels = new TreeMap<String, String>();
      node.path("labels")
          .properties()
          .forEach(e -> labels.put(e.getKey(), e.getValue().asString("")));
      lines.add(
          new Line(
              node.path("name").asString(""),
              labels,
              node.path("points")
                  .valueStream()
                  .map(p -> new Point(p.path(0).asDouble(0), p.path(1).asDouble(0)))
                  .toList()));
    }
    return new SeriesFile(
        Instant.parse(root.path("from").asString("")),
        Instant.parse(root.path("to").asString("")),
        Duration.ofSeconds(root.path("step").asLong(0)),
        List.copyOf(lines));
  }
}
