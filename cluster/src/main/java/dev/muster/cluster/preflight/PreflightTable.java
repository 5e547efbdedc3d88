package dev.muster.cluster.preflight;

import dev.muster.cluster.fault.Evictable;
import dev.muster.cluster.object.Snapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the loss of a drill's victims would mean, before anything is touched. */
public record PreflightTable(List<Row> rows) {
  private static final int WIDTH = 120;
  private static final String GAP = "  ";

  public enum Level {
    OK,
    WARN,
    REFUSE
  }

  /** What a row is about. */
  public enum Topic {
    WORKLOAD("lives there"),
    ALL_REPLICAS("all replicas"),
    NOT_REPLACED("not replaced"),
    BUDGET("disruption budget"),
    DNS("DNS"),
    MONITORING("monitoring"),
    VOLUMES("volumes"),
    ROOM("room elsewhere"),
    ZONE("a zone less"),
    OWN_PATH("the load's path");

    public final String text;

    Topic(String text) {
      this.text = text;
    }
  }

  /**
   * @param node empty for what concerns all victims together
   * @param subject by namespace, like {@code s/Deployment/worker}
   * @param lost how many of it the victims take; null where nothing is counted
   * @param of how many there are, or may be taken
   */
  public record Row(
      Level level,
      String node,
      Topic topic,
      String subject,
      @Nullable Integer lost,
      @Nullable Integer of,
      String text) {}

  /**
   * @param victims nodes that may be gone at the same time
   * @param drained those of them that are drained, with who leaves them
   * @param ownPath those of them that the load's own requests pass through
   */
  public static PreflightTable of(
      Snapshot snapshot,
      Collection<String> victims,
      Map<String, Evictable> drained,
      Headroom headroom,
      Set<String> ownPath) {
    List<Row> rows = new ArrayList<>();
    for (String node : victims.stream().distinct().sorted().toList()) {
      if (ownPath.contains(node)) {
        rows.add(
            new Row(
                Level.REFUSE,
                node,
                Topic.OWN_PATH,
                "",
                null,
                null,
                "every request would end with it: name the load balancer as target.endpoint"));
      }
      rows.addAll(NodeWorkloads.rows(snapshot, node, drained.get(node), Set.copyOf(victims)));
    }
    rows.addAll(NodeWorkloads.budgets(snapshot, Set.copyOf(victims), drained));
    headroom
        .missing()
        .forEach(m -> rows.add(new Row(Level.REFUSE, "", Topic.ROOM, "", null, null, m)));
    if (headroom.missing().isEmpty() && !victims.isEmpty()) {
      rows.add(
          new Row(
              Level.OK,
              "",
              Topic.ROOM,
              "",
              null,
              null,
              "the other nodes hold the %d pods that have to move".formatted(headroom.moving())));
    }
    return new PreflightTable(List.copyOf(rows));
  }

  /** The same and these below. */
  public PreflightTable and(List<Row> more) {
    List<Row> all = new ArrayList<>(rows);
    all.addAll(more);
    return new PreflightTable(List.copyOf(all));
  }

  public Level worst() {
    return rows.stream().map(Row::level).max(Comparator.naturalOrder()).orElse(Level.OK);
  }

  public List<Row> refusals() {
    return rows.stream().filter(r -> r.level() == Level.REFUSE).toList();
  }

  /** Aligned, no line longer than 120 letters; what is too long goes on in the next. */
  public String text() {
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("LEVEL", "NODE", "ABOUT", "WHAT"));
    for (Row row : rows) {
      String what = row.subject().isEmpty() ? row.text() : row.subject() + ": " + row.text();
      cells.add(
          List.of(
              row.level().name().toLowerCase(Locale.ROOT),
              row.node().isEmpty() ? "all" : row.node(),
              row.topic().text,
              what));
    }
    int[] widths = new int[3];
    int atMost = WIDTH / 3; // a node's name may be long, the last column still needs room
    for (List<String> row : cells) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], Math.min(atMost, row.get(i).length()));
      }
    }
    StringBuilder text = new StringBuilder();
    cells.forEach(row -> line(row, widths, text));
    return text.toString();
  }

  private static void line(List<String> row, int[] widths, StringBuilder text) {
    int left = 0;
    List<List<String>> columns = new ArrayList<>();
    for (int i = 0; i < widths.length; i++) {
      columns.add(wrapped(row.get(i), widths[i]));
      left += widths[i] + GAP.length();
    }
    columns.add(wrapped(row.getLast(), WIDTH - left));
    int lines = columns.stream().mapToInt(List::size).max().orElse(0);
    for (int l = 0; l < lines; l++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns.size(); i++) {
        String cell = l < columns.get(i).size() ? columns.get(i).get(l) : "";
        line.append(cell);
        if (i < widths.length) {
          line.append(" ".repeat(widths[i] - cell.length())).append(GAP);
        }
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
  }

  /** Broken at spaces, and within a word only where it alone is too long. */
  private static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int end = space > 0 ? space : width;
      lines.add(rest.substring(0, end));
      rest = rest.substring(end).stripLeading();
    }
    lines.add(rest);
    return lines;
  }
}
