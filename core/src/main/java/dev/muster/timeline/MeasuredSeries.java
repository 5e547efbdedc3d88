package dev.muster.timeline;

import dev.muster.source.SourceSchema;
import dev.muster.source.SourceTree;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a report draws under its time axis, an entry of {@code series.yaml} each.
 *
 * @param name as in {@code series.json}
 * @param promql empty where the load generator tells it
 * @param form LINES, or STATE: good at 1 and bad below it, a row for each
 * @param scale from the value to what the axis shows
 * @param most of the axis at least
 */
public record MeasuredSeries(
    String name,
    String promql,
    Form form,
    double scale,
    double most,
    String english,
    String chinese) {
  /** In the order of their panels. */
  public static final List<MeasuredSeries> ALL =
      SourceTree.of(SourceSchema.load(MeasuredSeries.class, "series.yaml"), "series.yaml")
          .root()
          .valueStream()
          .map(MeasuredSeries::of)
          .toList();

  /** How a series is drawn. */
  public enum Form {
    STATE,
    LINES
  }

  private static MeasuredSeries of(JsonNode entry) {
    return new MeasuredSeries(
        entry.path("name").asString(),
        entry.path("promql").asString(""),
        Form.valueOf(entry.path("form").asString("LINES")),
        entry.path("scale").asDouble(1),
        entry.path("most").asDouble(1),
        entry.path("en").asString(),
        entry.path("zh").asString());
  }

  /** What Prometheus is asked for a target in this namespace; empty where it is not asked. */
  public Optional<String> question(String namespace) {
    return Optional.of(promql.replace("$TARGET", "{namespace=\"" + namespace + "\"}"))
        .filter(asked -> !asked.isEmpty());
  }

  /**
   * @param language en or zh
   */
  public String title(String language) {
    return language.equals("zh") ? chinese : english;
  }
}
