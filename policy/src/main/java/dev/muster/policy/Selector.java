package dev.muster.policy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A label selector; all of it must hold. Without any demand it selects everything.
 *
 * @param labels in their order, so that equal selectors are written alike
 */
record Selector(SortedMap<String, String> labels, List<Requirement> requirements) {

  enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST
  }

  record Requirement(String key, Operator operator, List<String> values) {

    boolean holds(Map<String, String> of) {
      boolean there = of.containsKey(key);
      return switch (operator) {
        case IN -> there && values.contains(of.get(key));
        // as Kubernetes has it, what lacks the label is not in the list either
        case NOT_IN -> !there || !values.contains(of.get(key));
        case EXISTS -> there;
        case DOES_NOT_EXIST -> !there;
      };
    }
  }

  Selector(Map<String, String> labels, List<Requirement> requirements) {
    this(Collections.unmodifiableSortedMap(new TreeMap<>(labels)), List.copyOf(requirements));
  }

  boolean selects(Map<String, String> of) {
    return labels.entrySet().stream().allMatch(l -> l.getValue().equals(of.get(l.getKey())))
        && requirements.stream().allMatch(r -> r.holds(of));
  }
}
