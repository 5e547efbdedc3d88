package dev.muster.drill.abort;

import dev.muster.drill.field.Field;
import java.util.List;

/** An expression of Prometheus's of which some value compares so; one without a value does not. */
public record Promql(String query, Comparison comparison) implements Probe {
  public static final Room ROOM =
      new Room(
          "promql",
          rule -> new Promql(rule.text("query", ""), Comparison.of(rule)),
          Probe::prometheus,
          List.of(
              Field.text("query", "an expression of Prometheus's").required("up"),
              Comparison.FIELD));

  @Override
  public String words() {
    return query + " " + comparison.words();
  }
}
