package dev.muster.drill.field;

import dev.muster.source.Problem;
import dev.muster.source.SourceSchema;
import dev.muster.source.SourceTree;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A fault, an abort rule or another mapping as a drill file gives it, and where what is wrong with
 * it is told. A rule is asked also where the schema has complained: then what cannot be read counts
 * as left out.
 */
public final class FaultYaml {
  private final SourceTree tree;
  private final String pointer;
  private final JsonNode node;
  private final Consumer<Problem> problems;

  public FaultYaml(SourceTree tree, String pointer, Consumer<Problem> problems) {
    this.tree = tree;
    this.pointer = pointer;
    this.node = tree.root().at(pointer);
    this.problems = problems;
  }

  /** One in which nothing is wrong. */
  public static FaultYaml accepted(SourceTree tree, String pointer) {
    return new FaultYaml(
        tree,
        pointer,
        problem -> {
          throw new IllegalStateException(problem.toString());
        });
  }

  /** The drill that it is a part of. */
  public FaultYaml drill() {
    return new FaultYaml(tree, "", problems);
  }

  /** A mapping in it; without fields where there is none. */
  public FaultYaml in(String field) {
    return new FaultYaml(tree, pointer + "/" + field, problems);
  }

  public String kind() {
    return text("kind", "");
  }

  public boolean has(String field) {
    return node.has(field);
  }

  public String text(String field, String otherwise) {
    return node.path(field).asString(otherwise);
  }

  public int number(String field, int otherwise) {
    return node.path(field).asInt(otherwise);
  }

  /** Null where it is no number. */
  public @Nullable Double decimal(String field) {
    JsonNode number = node.path(field);
    return number.isNumber() ? number.asDouble() : null;
  }

  public boolean flag(String field) {
    return node.path(field).asBoolean(false);
  }

  public List<String> list(String field) {
    return node.path(field).valueStream().map(each -> each.asString("")).toList();
  }

  public Map<String, String> strings(String field) {
    return tree.strings(pointer + "/" + field);
  }

  public @Nullable Duration duration(String field) {
    return DurationText.parse(text(field, "")).orElse(null);
  }

  public Duration duration(String field, Duration otherwise) {
    Duration given = duration(field);
    return given == null ? otherwise : given;
  }

  /** How often a kill is repeated inside of its duration, as opposed to {@code times}. */
  public @Nullable Duration repeated() {
    return has("duration") ? duration("every") : null;
  }

  public @Nullable Double percent(String field) {
    return NumberText.percent(text(field, ""));
  }

  public Selector selector(String field) {
    return Selector.of(tree, pointer + "/" + field);
  }

  /** A field as messages tell it: {@code faults[0].ttl}. */
  public String words(String field) {
    return SourceSchema.words(pointer + "/" + field);
  }

  /** The fault as a whole. */
  public void refuse(String why) {
    problems.accept(tree.at(pointer, why));
  }

  /**
   * @param field or a place in it: {@code cidrs/0}
   */
  public void refuse(String field, String why) {
    problems.accept(tree.at(pointer + "/" + field, why));
  }

  /** That it is there at all. */
  public void refuseKey(String field, String why) {
    problems.accept(tree.atKey(pointer + "/" + field, why));
  }

  /** Refuses each field that it has and that is none of these. */
  public void takesOnly(List<String> fields, UnaryOperator<String> why) {
    for (String field : node.propertyNames()) {
      if (!fields.contains(field)) {
        refuseKey(field.replace("~", "~0").replace("/", "~1"), why.apply(field));
      }
    }
  }

  public void lacks(String field) {
    refuse("%s lacks \"%s\", which %s needs".formatted(SourceSchema.words(pointer), field, kind()));
  }

  public void exclusive(String one, String other) {
    if (has(one) && has(other)) {
      refuse(other, "give " + one + " or " + other + ", not both");
    }
  }
}
