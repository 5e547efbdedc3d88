package dev.muster.chaosmesh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whom it meets: {@code mode}, {@code value} and {@code selector}. */
final class Victims {
  /** Fields of a selector that are copied where they are not empty. */
  private static final List<String> MAPPINGS =
      List.of("labelSelectors", "annotationSelectors", "fieldSelectors", "nodeSelectors");

  private static final List<String> LISTS = List.of("nodes", "podPhaseSelectors");

  private Victims() {}

  static void read(Document document, Fields spec, Map<String, Object> fault, List<String> notes) {
    String mode = spec.text("mode", "one");
    fault.put("mode", mode);
    Integer value = value(spec, mode);
    if (value != null) {
      fault.put("value", value);
    }
    if (mode.endsWith("percent")) {
      notes.add("At least one pod is taken, where Chaos Mesh may round down to none.");
    }
    fault.put("selector", selector(document, spec.mapping("selector")));
  }

  private static @Nullable Integer value(Fields spec, String mode) {
    String value = spec.text("value");
    if (mode.equals("one") || mode.equals("all")) {
      if (value != null) {
        spec.refuse("value", "mode " + mode + " takes none");
      }
      return null;
    }
    if (value == null) {
      spec.lacks("value", "mode " + mode + " needs it");
      return null;
    }
    if (!value.matches("[1-9][0-9]{0,4}|100000")) {
      spec.refuseValue("value", "it must be a whole number from 1 to 100000");
      return null;
    }
    int number = Integer.parseInt(value);
    if (mode.endsWith("percent") && number > 100) {
      spec.refuseValue("value", "a percentage can not exceed 100");
    }
    return number;
  }

  static Map<String, Object> selector(Document document, Fields selector) {
    selector.checkSelector();
    Map<String, Object> drill = new LinkedHashMap<>();
    Fields pods = selector.mapping("pods");
    Map<String, Object> named = new LinkedHashMap<>();
    for (String namespace : selector.textsByName("pods").keySet()) {
      List<String> names = pods.texts(namespace);
      if (names.isEmpty()) {
        pods.refuseValue(namespace, "it names no pod");
      }
      named.put(namespace, names);
    }
    if (!named.isEmpty()) {
      drill.put("pods", named);
      alone(selector);
      selector.close();
      return drill;
    }
    drill.put("namespaces", namespaces(document, selector));
    for (String name : MAPPINGS) {
      Map<String, String> texts = selector.textsByName(name);
      if (!texts.isEmpty()) {
        drill.put(name, texts);
      }
    }
    List<Object> expressions = expressions(selector);
    if (!expressions.isEmpty()) {
      drill.put("expressionSelectors", expressions);
    }
    for (String name : LISTS) {
      List<String> texts = selector.texts(name);
      if (!texts.isEmpty()) {
        drill.put(name, texts);
      }
    }
    if (drill.containsKey("nodes") && drill.containsKey("nodeSelectors")) {
      selector.refuse(
          "nodeSelectors",
          "with \"nodes\" beside it Chaos Mesh takes the nodes of either, Muster those of both;"
              + " give one of them");
    }
    selector.close();
    return drill;
  }

  private static void alone(Fields selector) {
    List<String> others = new ArrayList<>(MAPPINGS);
    others.addAll(LISTS);
    others.addAll(List.of("namespaces", "expressionSelectors"));
    for (String name : others) {
      selector.refuse(
          name,
          "where \"pods\" are named Chaos Mesh looks at nothing else, Muster at all; take it out");
    }
  }

  private static List<String> namespaces(Document document, Fields selector) {
    List<String> namespaces = selector.texts("namespaces");
    return namespaces.isEmpty() ? List.of(document.namespace()) : namespaces;
  }

  private static List<Object> expressions(Fields selector) {
    List<Object> expressions = new ArrayList<>();
    for (Fields each : selector.mappings("expressionSelectors")) {
      Map<String, Object> expression = new LinkedHashMap<>();
      expression.put("key", each.text("key", ""));
      String operator = each.text("operator", "");
      expression.put("operator", operator);
      List<String> values = each.texts("values");
      if (operator.endsWith("In")) {
        each.lacks("values", operator + " needs them");
        expression.put("values", values);
      } else if (!values.isEmpty()) {
        each.refuse("values", operator + " takes none");
      }
      each.close();
      expressions.add(expression);
    }
    return expressions;
  }
}
