package dev.muster.source;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * Words of a selector that no pod and no node could have: the API server would refuse them. A drill
 * and a file of Chaos Mesh say them alike.
 */
public final class SelectorRules {
  private static final Pattern VALUE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

  /** What a label's name may begin with, and what a node or a pod is called. */
  private static final Pattern DOMAIN = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  private static final Pattern WORD = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private final SourceTree tree;
  private final BiConsumer<String, String> refuse;

  /**
   * @param refuse takes a pointer and what is wrong there
   */
  public SelectorRules(SourceTree tree, BiConsumer<String, String> refuse) {
    this.tree = tree;
    this.refuse = refuse;
  }

  /** The name of a container, or of a namespace. */
  public static boolean isWord(String name) {
    return WORD.matcher(name).matches();
  }

  public void check(String pointer) {
    for (var field : List.of("labelSelectors", "nodeSelectors", "annotationSelectors")) {
      var labels = pointer + "/" + field;
      for (var key : tree.root().at(labels).propertyNames()) {
        var place = labels + "/" + key.replace("~", "~0").replace("/", "~1");
        key(place, key);
        var value = tree.root().at(place);
        if (value.isString() && !field.startsWith("annotation")) {
          value(place, value.asString());
        }
      }
    }
    for (var field : List.of("zone", "hosting")) {
      var word = tree.root().at(pointer + "/" + field);
      if (word.isString()) {
        value(pointer + "/" + field, word.asString());
      }
    }
    names(pointer + "/nodes", "node");
    names(pointer + "/namespaces", "namespace");
    for (var namespace : tree.root().at(pointer + "/pods").propertyNames()) {
      var place = pointer + "/pods/" + namespace.replace("~", "~0").replace("/", "~1");
      if (!isWord(namespace)) {
        none(place, "namespace", namespace);
      }
      names(place, "pod");
    }
    int count = tree.root().at(pointer + "/expressionSelectors").size();
    for (int i = 0; i < count; i++) {
      expression(pointer + "/expressionSelectors/" + i);
    }
  }

  /**
   * Expressions with the values that their operator wants: Chaos Mesh has words of its own for it.
   */
  public void operators(String pointer) {
    for (int i = 0; i < tree.root().at(pointer + "/expressionSelectors").size(); i++) {
      var place = pointer + "/expressionSelectors/" + i;
      var expression = tree.root().at(place);
      var operator = expression.path("operator").asString("");
      if (operator.endsWith("In") && !expression.has("values")) {
        refuse.accept(place, operator + " lacks \"values\"");
      } else if (operator.contains("Exist") && expression.has("values")) {
        refuse.accept(place + "/values", operator + " takes no \"values\"");
      }
    }
  }

  private void expression(String pointer) {
    var expression = tree.root().at(pointer);
    if (expression.path("key").isString()) {
      key(pointer + "/key", expression.path("key").asString());
    }
    for (int i = 0; i < expression.path("values").size(); i++) {
      var value = expression.path("values").path(i);
      if (value.isString()) {
        value(pointer + "/values/" + i, value.asString());
      }
    }
  }

  private void names(String pointer, String what) {
    for (int i = 0; i < tree.root().at(pointer).size(); i++) {
      var name = tree.root().at(pointer).path(i).asString("");
      boolean right =
          name.isBlank() // told elsewhere
              || (what.equals("namespace") ? isWord(name) : DOMAIN.matcher(name).matches());
      if (!right) {
        none(pointer + "/" + i, what, name);
      }
    }
  }

  private void none(String pointer, String what, String name) {
    refuse.accept(
        pointer,
        "no %s is called \"%s\": a name is lower-case letters, digits and '-'%s, the first and last a letter or digit"
            .formatted(what, SourceSchema.clip(name), what.equals("namespace") ? "" : " and '.'"));
  }

  private void key(String pointer, String key) {
    int slash = key.indexOf('/');
    boolean right =
        NAME.matcher(key.substring(slash + 1)).matches()
            && (slash < 0 || DOMAIN.matcher(key.substring(0, slash)).matches());
    if (!right) {
      refuse.accept(
          pointer,
          "no label has such a name: it is letters, digits, '-', '_' and '.', with a domain and '/' before it or not");
    }
  }

  private void value(String pointer, String value) {
    if (!VALUE.matcher(value).matches() && !value.isBlank()) {
      refuse.accept(
          pointer,
          "no label has such a value: it is at most 63 letters, digits, '-', '_' and '.', the first and last a letter or digit");
    }
  }
}
