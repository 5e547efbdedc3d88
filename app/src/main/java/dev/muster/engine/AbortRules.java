package dev.muster.engine;

import dev.muster.drill.Drill;
import java.time.Duration;
import java.util.List;

/** The drill's {@code abortWhen}: conditions under which going on would do more harm than good. */
final class AbortRules {
  private final List<Drill.AbortRule> rules;
  private final Ports.Load load;
  private String reason = "";

  AbortRules(List<Drill.AbortRule> rules, Ports.Load load) {
    this.rules = rules;
    this.load = load;
  }

  /** Whether a rule has held for all of its time. */
  boolean broken() {
    for (Drill.AbortRule rule : rules) {
      double ratio = load.errorRatio(rule.lasting());
      if (holds(ratio, rule)) {
        reason =
            "abortWhen: %s was %.2f %s %s for %s"
                .formatted(
                    rule.probe(), ratio, rule.criteria(), rule.value(), text(rule.lasting()));
        return true;
      }
    }
    return false;
  }

  String reason() {
    return reason;
  }

  private static boolean holds(double measured, Drill.AbortRule rule) {
    if (Double.isNaN(measured)) {
      return false;
    }
    return switch (rule.criteria()) {
      case ">" -> measured > rule.value();
      case ">=" -> measured >= rule.value();
      case "<" -> measured < rule.value();
      case "<=" -> measured <= rule.value();
      default -> throw new IllegalArgumentException("unknown criteria " + rule.criteria());
    };
  }

  private static String text(Duration time) {
    return time.toSeconds() + "s";
  }
}
