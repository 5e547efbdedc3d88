package dev.muster.drill;

import dev.muster.source.SourceTree;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/** Words of a selector that no pod and no node could have: the API server would refuse them. */
final class SelectorRules {
  private static final Pattern VALUE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
  private static final Pattern PREFIX = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  private final SourceTree tree;
  private final BiConsumer<String, String> refuse;

  /**
   * @param refuse takes a pointer and what is wrong there
   */
  SelectorRules(SourceTree tree, BiConsumer<String, String> refuse) {
    this.tree = tree;
    this.refuse = refuse;
  }

  void check(String pointer) {
    for (var field : List.of("labelSelectors", "nodeSelectors")) {
      var labels = pointer + "/" + field;
      for (var key : tree.root().at(labels).propertyNames()) {
        var place = labels + "/" + key.replace("~", "~0").replace("/", "~1");
        key(place, key);
        var value = tree.root().at(place);
        if (value.isString()) {
          value(place, value.asString());
        }
      }
    }
    int count = tree.root().at(pointer + "/expressionSelectors").size();
    for (int i = 0; i < count; i++) {
      expression(pointer + "/expressionSelectors/" + i);
    }
  }

  private void expression(String pointer) {
    var expression = tree.root().at(pointer);
    if (expression.path("key").isString()) {
      key(pointer + "/key", expression.path("key").asString());
    }
    var operator = expression.path("operator").asString("");
    if (operator.endsWith("In") && !expression.has("values")) {
      refuse.accept(pointer, operator + " lacks \"values\"");
    } else if (operator.contains("Exist") && expression.has("values")) {
      refuse.accept(pointer + "/values", operator + " takes no \"values\"");
    }
    for (int i = 0; i < expression.path("values").size(); i++) {
      var value = expression.path("values").path(i);
      if (value.isString()) {
        value(pointer + "/values/" + i, value.asString());
      }
    }
  }

  private void key(String pointer, String key) {
    int slash = key.indexOf('/');
    boolean right =
        NAME.matcher(key.substring(slash + 1)).matches()
            && (slash < 0 || PREFIX.matcher(key.substring(0, slash)).matches());
    if (!right) {
      refuse.accept(
          pointer,
          "no label has such a name: it is letters, digits, '-', '_' and '.', with a domain and '/' before it or not");
    }
  }

  private void value(String pointer, String value) {
    if (!VALUE.matcher(value).matches()) {
      refuse.accept(
          pointer,
          "no label has such a value: it is at most 63 letters, digits, '-', '_' and '.', the first and last a letter or digit");
    }
  }
}
