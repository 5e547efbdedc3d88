package dev.muster.drill.abort;

import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Field;
import java.math.BigDecimal;
import java.util.Objects;

/**
 * @param criteria one of {@code > >= < <=}
 */
public record Comparison(String criteria, double value) {
  static final Field FIELD =
      Field.mapping(
              "comparator",
              "criteria and value to compare the probe with",
              Field.word("criteria", "one of > >= < <=", ">", ">=", "<", "<=").required(">"),
              Field.number("value", "the number to compare with").required("0.5"))
          .required("{criteria: '>', value: 0.5}");

  static Comparison of(FaultYaml rule) {
    FaultYaml comparator = rule.in("comparator");
    return new Comparison(
        comparator.text("criteria", ""), Objects.requireNonNull(comparator.decimal("value")));
  }

  /** False where nothing was measured. */
  public boolean holds(double measured) {
    return switch (criteria) {
      case ">" -> measured > value;
      case ">=" -> measured >= value;
      case "<" -> measured < value;
      case "<=" -> measured <= value;
      default -> throw new IllegalArgumentException("unknown criteria " + criteria);
    };
  }

  /** Without the zeros of a double. */
  String words() {
    return criteria + " " + BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
