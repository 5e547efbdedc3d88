package dev.muster.chaosmesh;

import dev.muster.source.Problem;
import dev.muster.source.SourceTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One document of a file while it is converted: where its problems and asides are gathered. */
final class Document {
  private final SourceTree tree;
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Map<String, Object>> abortRules = new ArrayList<>();
  private String namespace = "default";

  Document(SourceTree tree) {
    this.tree = tree;
  }

  SourceTree tree() {
    return tree;
  }

  void add(Problem problem) {
    problems.add(problem);
  }

  List<Problem> problems() {
    return problems;
  }

  /** What the reader of the drill should know, before everything else. */
  void note(String note) {
    if (!notes.contains(note)) {
      notes.add(note);
    }
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  void abortWhen(Map<String, Object> rule) {
    if (!abortRules.contains(rule)) {
      abortRules.add(rule);
    }
  }

  List<Map<String, Object>> abortRules() {
    return List.copyOf(abortRules);
  }

  /** Where selectors look that name no namespace. */
  String namespace() {
    return namespace;
  }

  void namespace(String namespace) {
    this.namespace = namespace;
  }
}
