package dev.muster.cluster.object;

import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Label selectors as the API server understands them. */
public final class Labels {
  private Labels() {}

  /** A selector that is not there matches nothing, an empty one everything. */
  public static boolean match(@Nullable LabelSelector selector, Map<String, String> labels) {
    if (selector == null) {
      return false;
    }
    Map<String, String> wanted = selector.getMatchLabels();
    boolean equal = wanted == null || labels.entrySet().containsAll(wanted.entrySet());
    return equal
        && (selector.getMatchExpressions() == null
            || selector.getMatchExpressions().stream()
                .allMatch(e -> holds(e.getKey(), e.getOperator(), e.getValues(), labels)));
  }

  /** Whoever lacks the label is not in any set of its values. */
  public static boolean holds(
      String key, String operator, List<String> values, Map<String, String> labels) {
    String value = labels.get(key);
    return switch (operator) {
      case "In" -> value != null && values.contains(value);
      case "NotIn" -> value == null || !values.contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" -> value != null && number(value) > number(values.getFirst());
      case "Lt" -> value != null && number(value) < number(values.getFirst());
      default -> false;
    };
  }

  /** What is no number is neither above nor below one. */
  private static double number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
