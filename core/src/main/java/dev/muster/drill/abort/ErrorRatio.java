package dev.muster.drill.abort;

import dev.muster.drill.field.FaultYaml;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Share of requests that ended badly, of all of the rule's time. */
public record ErrorRatio(Comparison comparison) implements Probe {
  private static final Map<String, String> SHARES =
      Map.of(">", "above", ">=", "at least", "<", "below", "<=", "at most");

  public static final Room ROOM =
      new Room(
          "error-ratio",
          rule -> new ErrorRatio(Comparison.of(rule)),
          ErrorRatio::load,
          List.of(Comparison.FIELD.sense((rule, _) -> share(rule))));

  private static void load(FaultYaml rule) {
    if (!rule.drill().has("load")) {
      rule.refuse("an error ratio needs a load to be counted in");
    }
  }

  /** From 0 to 1, and counted over a time. */
  private static void share(FaultYaml rule) {
    FaultYaml comparator = rule.in("comparator");
    String criteria = comparator.text("criteria", "");
    Double share = comparator.decimal("value");
    if (share != null && SHARES.containsKey(criteria)) {
      boolean above = criteria.startsWith(">");
      boolean equal = criteria.endsWith("=");
      boolean always = above ? (equal ? share <= 0 : share < 0) : (equal ? share >= 1 : share > 1);
      boolean never = above ? (equal ? share > 1 : share >= 1) : (equal ? share < 0 : share <= 0);
      if (always || never) {
        comparator.refuse(
            "value",
            "an error ratio is from 0 to 1: it is %s %s %s"
                .formatted(
                    always ? "always" : "never",
                    SHARES.get(criteria),
                    comparator.text("value", "")));
      }
    }
    if (Duration.ZERO.equals(rule.duration("for"))) {
      rule.refuse("for", "in 0s no request ends: an error ratio needs some time");
    }
  }

  @Override
  public String words() {
    return "error-ratio " + comparison.words();
  }
}
