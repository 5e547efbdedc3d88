package dev.muster.cluster.select;

import dev.muster.cluster.object.Labels;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Workloads;
import dev.muster.drill.Drill;
import dev.muster.drill.field.Selector;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The words of a selector as they are meant of Deployments and StatefulSets: of their own labels
 * and annotations. Where nothing is said, those whose pods are the drill's target.
 *
 * @param there all workloads of the cluster
 */
record WorkloadSelectorTerms(
    Selector selector, String pointer, List<HasMetadata> there, Drill.Target target) {

  /**
   * Those for which all words hold; never empty.
   *
   * @throws TargetException for a word that matches nothing
   */
  List<HasMetadata> narrow() {
    Set<String> namespaces = PodSelectorTerms.namespaces(selector, target.namespace());
    String where = String.join(", ", namespaces);
    List<HasMetadata> near =
        there.stream().filter(w -> namespaces.contains(w.getMetadata().getNamespace())).toList();
    if (near.isEmpty()) {
      throw new TargetException(
          pointer, "there are no Deployments and no StatefulSets in " + where);
    }
    List<SelectorTerm<HasMetadata>> words = new ArrayList<>();
    if (selector.empty()) {
      words.add(
          new SelectorTerm<>(
              pointer,
              "the target's " + PodSelectorTerms.pairs(target.labelSelectors()),
              w -> labelsOfPods(w).entrySet().containsAll(target.labelSelectors().entrySet()),
              () -> names(near)));
    }
    labels(words, near);
    String name = selector.fieldSelectors().get("metadata.name");
    if (name != null) {
      words.add(
          new SelectorTerm<>(
              pointer + "/fieldSelectors" + SelectorTerm.step("metadata.name"),
              "metadata.name=" + name,
              w -> name.equals(w.getMetadata().getName()),
              () ->
                  SelectorTerm.instead(
                      List.of(name),
                      near.stream().map(w -> w.getMetadata().getName()).toList(),
                      "there are")));
    }
    return SelectorTerm.narrow(near, words, "workload in " + where, pointer);
  }

  private static Map<String, String> labelsOfPods(HasMetadata workload) {
    var metadata = Workloads.template(workload).getMetadata();
    return metadata == null || metadata.getLabels() == null ? Map.of() : metadata.getLabels();
  }

  private void labels(List<SelectorTerm<HasMetadata>> words, List<HasMetadata> near) {
    Map<String, String> labels = selector.labelSelectors();
    if (!labels.isEmpty()) {
      words.add(
          new SelectorTerm<>(
              pointer + "/labelSelectors",
              PodSelectorTerms.pairs(labels),
              w -> Pods.matches(w, labels),
              () ->
                  instead(
                      written(labels), near.stream().flatMap(w -> pairs(Pods.labels(w))), near)));
    }
    for (int i = 0; i < selector.expressionSelectors().size(); i++) {
      Selector.Expression e = selector.expressionSelectors().get(i);
      String place = pointer + "/expressionSelectors/" + i;
      PodSelectorTerms.comparable(e, place);
      words.add(
          new SelectorTerm<>(
              place,
              e.key() + " " + e.operator() + " " + e.values(),
              w -> Labels.holds(e.key(), e.operator(), e.values(), Pods.labels(w)),
              () ->
                  instead(
                      List.of(e.key()),
                      near.stream().flatMap(w -> Pods.labels(w).keySet().stream()),
                      near)));
    }
    Map<String, String> annotations = selector.annotationSelectors();
    if (!annotations.isEmpty()) {
      words.add(
          new SelectorTerm<>(
              pointer + "/annotationSelectors",
              "annotations " + PodSelectorTerms.pairs(annotations),
              w -> Pods.annotations(w).entrySet().containsAll(annotations.entrySet()),
              () ->
                  instead(
                      annotations.keySet(),
                      near.stream().flatMap(w -> Pods.annotations(w).keySet().stream()),
                      near)));
    }
  }

  private static List<String> written(Map<String, String> pairs) {
    return pairs(pairs).toList();
  }

  private static Stream<String> pairs(Map<String, String> pairs) {
    return pairs.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue());
  }

  private static String instead(
      Collection<String> written, Stream<String> known, List<HasMetadata> near) {
    return SelectorTerm.instead(written, known.toList(), "they have") + "; " + names(near);
  }

  private static String names(List<HasMetadata> near) {
    return "there are " + near.stream().map(w -> Workloads.ref(w).path()).sorted().toList();
  }
}
