package dev.muster.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The newest run of each drill side by side, in Markdown. Times are seconds after the fault. */
public final class RunsTable {
  private static final JsonMapper JSON = new JsonMapper();

  /** Columns of milestones: the first time that one was reached. */
  private static final Map<String, String> MILESTONES = new LinkedHashMap<>();

  static {
    MILESTONES.put("NotReady", "NODE_NOT_READY");
    MILESTONES.put("evicted", "POD_EVICTED");
    MILESTONES.put("replaced", "REPLACEMENT_READY");
    MILESTONES.put("pressure", "MEMORY_PRESSURE DISK_PRESSURE");
    MILESTONES.put("container ended", "CONTAINER_ENDED");
    MILESTONES.put("same pod ready", "POD_READY_AGAIN");
    MILESTONES.put("node back", "NODE_READY");
  }

  private RunsTable() {}

  public static List<String> of(Path runs) {
    Map<String, JsonNode> newest = new TreeMap<>();
    for (RunsFolder.Entry entry : RunsFolder.list(runs).reversed()) {
      Path report = entry.folder().resolve("report.json");
      if (Files.isRegularFile(report)) {
        try {
          JsonNode run = JSON.readTree(report.toFile());
          newest.put(run.path("drill").asString(""), run);
        } catch (JacksonException e) {
          newest.put(entry.id(), JSON.createObjectNode().put("verdict", "unreadable"));
        }
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "| drill | "
            + String.join(" | ", MILESTONES.keySet())
            + " | interrupted | lost of all | verdict |");
    lines.add("|---|" + "---:|".repeat(MILESTONES.size() + 2) + "---|");
    newest.forEach((drill, run) -> lines.add(row(drill, run)));
    return lines;
  }

  private static String row(String drill, JsonNode run) {
    StringBuilder row = new StringBuilder("| " + drill);
    for (String names : MILESTONES.values()) {
      Double first = first(run, List.of(names.split(" ", -1)));
      row.append(" | ").append(first == null ? "" : String.format(Locale.ROOT, "%.1f", first));
    }
    row.append(" | ").append(interrupted(run));
    row.append(" | ").append(lost(run));
    return row + " | " + run.path("verdict").asString("") + " |";
  }

  /** In seconds. */
  static String interrupted(JsonNode run) {
    JsonNode felt = run.path("interruption");
    return felt.isObject()
        ? String.format(Locale.ROOT, "%.1f", felt.path("seconds").asDouble(0))
        : "none";
  }

  static String lost(JsonNode run) {
    JsonNode answers = run.at("/requests/sinceFault");
    long lost = answers.path("lost").asLong(0) + answers.path("unreachable").asLong(0);
    return run.at("/requests/scheduled").asLong(0) == 0
        ? "no load"
        : answers.isObject() ? lost + " of " + answers.path("all").asLong() : "";
  }

  private static @Nullable Double first(JsonNode run, List<String> names) {
    Double first = null;
    for (JsonNode milestone : run.path("milestones")) {
      JsonNode since = milestone.path("sinceFault");
      boolean earlier = first == null || since.asDouble(0) < first;
      if (names.contains(milestone.path("name").asString()) && since.isNumber() && earlier) {
        first = since.asDouble();
      }
    }
    return first;
  }
}
