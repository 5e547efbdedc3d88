package dev.muster.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SourceTreeTest {

  @Test
  void whatIsNestedBeyondReasonIsRefusedWhereItGoesTooDeep() {
    assertThat(problem("[".repeat(100_000))).isEqualTo("f:1:65: nested deeper than 64 levels");
    assertThat(problem("a: " + "{a: ".repeat(50_000))).endsWith("nested deeper than 64 levels");
    assertThat(problem("- ".repeat(50_000) + "a")).endsWith("nested deeper than 64 levels");
    assertThat(problem("&a [*a]")).endsWith("nested deeper than 64 levels");
  }

  @Test
  void aliasesThatMultiplyEnd() {
    var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 6; i++) {
      text.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "y"));
    }
    assertThat(problem(text.toString())).contains("more than 100000 values");
    assertThat(problem("a: &a [x]\nb: [" + "*a, ".repeat(99) + "]")).contains("aliases");
    assertThat(problem("&a [*a, *a, *a]")).startsWith("f:1:");
  }

  @Test
  void aCharacterThatNoTextHasIsToldAtItsPlace() {
    assertThat(problem("a: b\nc: d\u0007e\n"))
        .isEqualTo("f:2:5: not readable as YAML: the character U+0007 can not stand in a text");
  }

  @Test
  void numbersWithoutMeasureAreTexts() {
    var tree = SourceTree.of("{a: 1e999999999, b: %s, c: 1.5e3}".formatted("9".repeat(9999)), "f");
    assertThat(tree.root().path("a").isString()).isTrue();
    assertThat(tree.root().path("b").isString()).isTrue();
    assertThat(tree.root().path("c").isNumber()).isTrue();
  }

  @Test
  void aPartKeepsItsPlaces() {
    var part = SourceTree.of("a:\n- b: c\n- d: [e]\n", "f").part("/a/1");
    assertThat(part.root().toString()).isEqualTo("{\"d\":[\"e\"]}");
    assertThat(part.at("/d/0", "x")).isEqualTo(new Problem("f", 3, 7, "x"));
    assertThat(part.atKey("/d", "x")).isEqualTo(new Problem("f", 3, 3, "x"));
    assertThat(part.text("/d/0")).isEqualTo("e");
  }

  @Test
  void nullFieldsGoButWhereKeysAreTheWritersOwn() {
    var tree = SourceTree.of("{a: null, b: {c: ~}, own: {d: null}, l: [null]}", "f");
    var without = tree.withoutNulls(Set.of("own"));
    assertThat(without.root().toString()).isEqualTo("{\"b\":{},\"own\":{\"d\":null},\"l\":[null]}");
    assertThat(without.text("/b/c")).isNull();
    assertThat(tree.root().has("a")).isTrue();
  }

  @Test
  void emptyDocumentsAreNone() {
    assertThat(SourceTree.of("---\n---\na: b\n---\n", "f").problems()).isEmpty();
    assertThat(SourceTree.of("---\n---\na: b\n---\n", "f").root().has("a")).isTrue();
    assertThat(problem("a: b\n---\nc: d\n"))
        .isEqualTo("f:3:1: a second document; one was expected");
  }

  @Test
  void aTemplateIsToldAtItsPlace() {
    assertThat(problem("a: b\nc: {{ .Values.x }}\n"))
        .startsWith("f:2:5: a key must be a word")
        .contains("filled in or quoted");
    assertThat(problem("%YAML 9.9\n---\na: b\n")).startsWith("f:1:1: ").contains("version 9.9");
  }

  private static String problem(String text) {
    List<Problem> problems = SourceTree.of(text, "f").problems();
    assertThat(problems).isNotEmpty();
    return problems.getFirst().toString();
  }
}
