package dev.muster.cluster.select;

import dev.muster.cluster.object.Labels;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Snapshot;
import dev.muster.drill.field.Selector;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The words of a selector that are about pods. */
public final class PodSelectorTerms {
  /** The fields by which the API server itself selects pods. */
  private static final Map<String, Function<Pod, @Nullable String>> FIELDS =
      Map.of(
          "metadata.name", Pods::name,
          "metadata.namespace", PodSelectorTerms::namespace,
          "spec.nodeName", p -> p.getSpec().getNodeName(),
          "spec.restartPolicy", p -> p.getSpec().getRestartPolicy(),
          "spec.schedulerName", p -> p.getSpec().getSchedulerName(),
          "spec.serviceAccountName", p -> p.getSpec().getServiceAccountName(),
          "spec.hostNetwork",
              p -> String.valueOf(Boolean.TRUE.equals(p.getSpec().getHostNetwork())),
          "status.phase", p -> p.getStatus() == null ? null : p.getStatus().getPhase(),
          "status.podIP", p -> p.getStatus() == null ? null : p.getStatus().getPodIP(),
          "status.nominatedNodeName",
              p -> p.getStatus() == null ? null : p.getStatus().getNominatedNodeName());

  private final Selector selector;
  private final String pointer;
  private final List<Pod> living;
  private final Set<String> namespaces;
  private final String home;

  /**
   * @param pointer of the selector
   * @param home namespace that is meant where none is said
   */
  PodSelectorTerms(Selector selector, String pointer, Snapshot snapshot, String home) {
    this.selector = selector;
    this.pointer = pointer;
    this.living = snapshot.living();
    this.namespaces = snapshot.namespaces().keySet();
    this.home = home;
  }

  /** Where the selector looks for pods: where it says, or else in the target's namespace. */
  public static Set<String> namespaces(Selector selector, String home) {
    Set<String> said = new LinkedHashSet<>(selector.namespaces());
    said.addAll(selector.pods().keySet());
    String field = selector.fieldSelectors().get("metadata.namespace");
    if (field != null) {
      said.add(field);
    }
    return said.isEmpty() ? Set.of(home) : said;
  }

  /**
   * The pods for which all words hold; never empty.
   *
   * @throws TargetException for a word that is none, or that matches nothing
   */
  List<Pod> narrow() {
    known();
    Set<String> namespaces = namespaces(selector, home);
    String where = String.join(", ", namespaces);
    List<Pod> there = living.stream().filter(p -> namespaces.contains(namespace(p))).toList();
    if (there.isEmpty()) {
      throw new TargetException(pointer, "there are no pods in " + where);
    }
    List<SelectorTerm<Pod>> words = new ArrayList<>();
    if (!selector.namespaces().isEmpty()) {
      words.add(
          word(
              "/namespaces",
              "namespaces " + selector.namespaces(),
              p -> selector.namespaces().contains(namespace(p)),
              selector.namespaces(),
              PodSelectorTerms::namespace));
    }
    labels(words, there);
    fields(words);
    if (!selector.podPhaseSelectors().isEmpty()) {
      words.add(
          new SelectorTerm<>(
              pointer + "/podPhaseSelectors",
              "podPhaseSelectors " + selector.podPhaseSelectors(),
              p -> selector.podPhaseSelectors().contains(phase(p)),
              () ->
                  "finished pods are never chosen, and the others are "
                      + there.stream().map(PodSelectorTerms::phase).distinct().sorted().toList()));
    }
    named(words);
    return SelectorTerm.narrow(there, words, "pod in " + where, pointer);
  }

  /** Each namespace that is named must be there. */
  private void known() {
    known(selector, pointer, namespaces);
  }

  static void known(Selector selector, String pointer, Set<String> namespaces) {
    for (int i = 0; i < selector.namespaces().size(); i++) {
      String namespace = selector.namespaces().get(i);
      if (!namespaces.contains(namespace)) {
        throw new TargetException(
            pointer + "/namespaces/" + i,
            "no namespace %s; %s"
                .formatted(
                    namespace, SelectorTerm.instead(List.of(namespace), namespaces, "there are")));
      }
    }
  }

  private void labels(List<SelectorTerm<Pod>> words, List<Pod> there) {
    if (!selector.labelSelectors().isEmpty()) {
      words.add(
          new SelectorTerm<>(
              pointer + "/labelSelectors",
              pairs(selector.labelSelectors()),
              p -> Pods.matches(p, selector.labelSelectors()),
              () -> insteadOf(selector.labelSelectors(), there, "its pods have")));
    }
    for (int i = 0; i < selector.expressionSelectors().size(); i++) {
      Selector.Expression expression = selector.expressionSelectors().get(i);
      String place = pointer + "/expressionSelectors/" + i;
      comparable(expression, place);
      words.add(
          new SelectorTerm<>(
              place,
              expression.key() + " " + expression.operator() + " " + expression.values(),
              p ->
                  Labels.holds(
                      expression.key(), expression.operator(), expression.values(), Pods.labels(p)),
              () ->
                  SelectorTerm.instead(
                      List.of(expression.key()),
                      there.stream().flatMap(p -> Pods.labels(p).keySet().stream()).toList(),
                      "its pods have")));
    }
    if (!selector.annotationSelectors().isEmpty()) {
      words.add(
          new SelectorTerm<>(
              pointer + "/annotationSelectors",
              "annotations " + pairs(selector.annotationSelectors()),
              p ->
                  Pods.annotations(p)
                      .entrySet()
                      .containsAll(selector.annotationSelectors().entrySet()),
              () ->
                  SelectorTerm.instead(
                      selector.annotationSelectors().keySet(),
                      there.stream().flatMap(p -> Pods.annotations(p).keySet().stream()).toList(),
                      "its pods have")));
    }
  }

  /** In and NotIn compare with something, the others with nothing. */
  static void comparable(Selector.Expression expression, String place) {
    boolean compares = expression.operator().endsWith("In");
    if (compares == expression.values().isEmpty()) {
      throw new TargetException(
          place,
          expression.operator()
              + (compares ? " needs \"values\" to compare with" : " takes no \"values\""));
    }
  }

  private void fields(List<SelectorTerm<Pod>> words) {
    selector
        .fieldSelectors()
        .forEach((field, value) -> {
          Function<Pod, @Nullable String> read = FIELDS.get(field);
          if (read == null) {
            throw new TargetException(
                pointer + "/fieldSelectors" + SelectorTerm.step(field),
                "Kubernetes does not select pods by %s; %s"
                    .formatted(
                        field,
                        SelectorTerm.instead(List.of(field), FIELDS.keySet(), "it does by")));
          }
          words.add(
              word(
                  "/fieldSelectors" + SelectorTerm.step(field),
                  field + "=" + value,
                  p -> value.equals(read.apply(p)),
                  List.of(value),
                  read));
        });
  }

  /** Each pod that is named must be there. */
  private void named(List<SelectorTerm<Pod>> words) {
    selector
        .pods()
        .forEach((namespace, names) -> {
          List<String> there =
              living.stream().filter(p -> namespace(p).equals(namespace)).map(Pods::name).toList();
          for (int i = 0; i < names.size(); i++) {
            if (!there.contains(names.get(i))) {
              throw new TargetException(
                  pointer + "/pods" + SelectorTerm.step(namespace) + "/" + i,
                  "no pod %s in namespace %s; %s"
                      .formatted(
                          names.get(i),
                          namespace,
                          SelectorTerm.instead(List.of(names.get(i)), there, "there are")));
            }
          }
        });
    if (!selector.pods().isEmpty()) {
      words.add(
          new SelectorTerm<>(
              pointer + "/pods",
              "pods " + selector.pods(),
              p -> selector.pods().getOrDefault(namespace(p), List.of()).contains(Pods.name(p)),
              () -> "there are others"));
    }
  }

  private SelectorTerm<Pod> word(
      String place,
      String text,
      java.util.function.Predicate<Pod> holds,
      Collection<String> written,
      Function<Pod, @Nullable String> read) {
    return new SelectorTerm<>(
        pointer + place,
        text,
        holds,
        () ->
            SelectorTerm.instead(
                written,
                living.stream().map(read).filter(Objects::nonNull).distinct().toList(),
                "there is"));
  }

  public static String namespace(Pod pod) {
    return pod.getMetadata().getNamespace();
  }

  private static String phase(Pod pod) {
    return pod.getStatus() == null || pod.getStatus().getPhase() == null
        ? "Pending"
        : pod.getStatus().getPhase();
  }

  /** {@code app=worker, tier=back}. */
  static String pairs(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(", "));
  }

  /** The labels that were probably meant, or those that there are. */
  static String insteadOf(
      Map<String, String> labels, Collection<? extends HasMetadata> there, String all) {
    Set<String> known =
        there.stream()
            .flatMap(o -> Pods.labels(o).entrySet().stream())
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.toCollection(TreeSet::new));
    Stream<String> written = labels.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue());
    return known.isEmpty()
        ? "there are no pods in it"
        : SelectorTerm.instead(written.toList(), known, all);
  }
}
