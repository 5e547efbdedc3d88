package dev.muster.drill.expect;

import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.kind.Kind;
import dev.muster.drill.kind.Kinds;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * What kinds of faults a drill file has.
 *
 * @param traits by the word of the kind; a word that the schema refuses has none
 */
public record Faults(Map<String, Set<Trait>> traits) {
  /** Behind the word of a kind that does other things to a pod than to a node. */
  private static final String IN_POD = " in a pod";

  static Faults of(JsonNode steps) {
    Map<String, Set<Trait>> all = new LinkedHashMap<>();
    collect(steps, all);
    return new Faults(all);
  }

  private static void collect(JsonNode steps, Map<String, Set<Trait>> all) {
    for (JsonNode step : steps.valueStream().toList()) {
      if (step.path("kind").isString()) {
        String word = step.path("kind").asString();
        String in = step.path("in").asString("").equals("pod") ? "pod" : "node";
        Set<Trait> traits = Kinds.named(word).map(kind -> kind.plain(in).traits()).orElse(Set.of());
        boolean less = Kinds.is(word, Trait.REPLACES_PODS) && !traits.contains(Trait.REPLACES_PODS);
        all.put(less ? word + IN_POD : word, traits);
      }
      collect(step.path("parallel"), all);
      collect(step.path("serial"), all);
    }
  }

  /** None that could be read: told elsewhere. */
  public boolean isEmpty() {
    return traits.isEmpty();
  }

  public boolean none(Trait trait) {
    return traits.values().stream().noneMatch(each -> each.contains(trait));
  }

  /** As long as there are some. */
  public boolean all(Trait trait) {
    return !isEmpty() && traits.values().stream().allMatch(each -> each.contains(trait));
  }

  /** In a pod where on a node they would do more. As long as there are some. */
  public boolean allInPods() {
    return !isEmpty() && traits.keySet().stream().allMatch(word -> word.endsWith(IN_POD));
  }

  public String words() {
    return String.join(", ", traits.keySet());
  }

  /** Those of the trait. */
  public String words(Trait trait) {
    return traits.keySet().stream()
        .filter(word -> traits.getOrDefault(word, Set.of()).contains(trait))
        .collect(Collectors.joining(", "));
  }

  String unanswerable(String what, String does, Trait trait) {
    return "%s can not be answered: no %s %s; %s can"
        .formatted(
            what,
            String.join(" or ", traits.keySet()),
            does,
            Kinds.all().stream()
                .map(Kind::word)
                .filter(kind -> Kinds.is(kind, trait))
                .sorted()
                .collect(Collectors.joining(", ")));
  }
}
