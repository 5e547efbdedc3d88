package dev.muster.drill;

import dev.muster.source.Problem;
import dev.muster.source.SourceSchema;
import dev.muster.source.SourceTree;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which fields each kind of fault takes and needs, and what must hold between them. */
final class FaultRules {
  private static final Set<String> COMMON =
      Set.of("kind", "mode", "value", "selector", "after", "every", "times");
  private static final List<String> FORMS = List.of("kind", "hold", "parallel", "serial");
  private static final List<String> REVERSIBLE = List.of("duration", "ttl");

  /** Fields of its own that a kind takes; those of {@link #COMMON} go with all. */
  private static final Map<String, List<String>> TAKES =
      Map.ofEntries(
          Map.entry("NodeShutdown", List.of("action", "duration", "ttl")),
          Map.entry("NodeNetwork", List.of("duration", "ttl", "peers", "cidrs", "direction")),
          Map.entry(
              "NetworkPolicy", List.of("duration", "ttl", "peerSelector", "cidrs", "direction")),
          Map.entry(
              "CpuStress",
              List.of("duration", "ttl", "load", "workers", "in", "containers", "follow")),
          Map.entry(
              "MemoryStress",
              List.of("duration", "ttl", "size", "until", "in", "containers", "follow")),
          Map.entry("DiskFill", List.of("duration", "ttl", "size", "until")),
          Map.entry("ProcessKill", List.of("duration", "ttl", "containers", "follow")),
          Map.entry("ProcessPause", List.of("duration", "ttl", "containers", "follow")),
          Map.entry("KubeletStop", List.of("duration", "ttl")),
          Map.entry("PodKill", List.of("duration", "ttl", "gracePeriod", "follow")),
          Map.entry("DnsFailure", List.of("duration", "ttl")),
          Map.entry("NetworkDelay", List.of("duration", "ttl", "latency", "jitter")),
          Map.entry("NetworkLoss", List.of("duration", "ttl", "loss")),
          Map.entry(
              "LlmFault",
              List.of(
                  "duration", "ttl", "failure", "factor", "afterTokens", "tokenSecret", "port")));

  private static final Map<String, List<String>> NEEDS =
      Map.of(
          "NetworkDelay", List.of("latency"),
          "NetworkLoss", List.of("loss"),
          "LlmFault", List.of("failure"));

  private static final Set<String> KILLS = Set.of("ProcessKill", "PodKill");

  private final SourceTree tree;
  private final Consumer<Problem> problems;

  FaultRules(SourceTree tree, Consumer<Problem> problems) {
    this.tree = tree;
    this.problems = problems;
  }

  /** The fields of its own that a kind takes. */
  static List<String> takes(String kind) {
    return TAKES.getOrDefault(kind, List.of());
  }

  /** Whether there is no fault of this kind without the field. */
  static boolean alwaysNeeds(String kind, String field) {
    return NEEDS.getOrDefault(kind, List.of()).contains(field)
        || (!KILLS.contains(kind) && REVERSIBLE.contains(field));
  }

  /** All steps of a list, and of lists in it. */
  void steps(String pointer) {
    int count = tree.root().at(pointer).size();
    for (int i = 0; i < count; i++) {
      step(pointer + "/" + i);
    }
  }

  private void step(String pointer) {
    JsonNode step = tree.root().at(pointer);
    if (!step.isObject()) {
      return; // the schema has complained
    }
    List<String> forms = FORMS.stream().filter(step::has).toList();
    if (forms.size() != 1) {
      refuse(
          pointer,
          forms.isEmpty()
              ? "a step is a fault (\"kind\"), a \"hold\", a \"parallel\" or a \"serial\" part"
              : "a step is one thing, not " + String.join(" and ", forms));
      return;
    }
    if (step.has("kind")) {
      fault(pointer, step);
      return;
    }
    Set<String> others = new LinkedHashSet<>(step.propertyNames());
    others.remove(forms.getFirst());
    others.forEach(name ->
        refuseKey(
            pointer + "/" + name,
            "\"" + name + "\" does not go with \"" + forms.getFirst() + "\""));
    if (!step.has("hold")) {
      steps(pointer + "/" + forms.getFirst());
    }
  }

  private void fault(String pointer, JsonNode fault) {
    String kind = fault.path("kind").asString("");
    List<String> takes = TAKES.get(kind);
    if (takes == null) {
      return; // the schema has complained
    }
    for (String name : fault.propertyNames()) {
      if (!COMMON.contains(name) && !takes.contains(name) && known(name)) {
        refuseKey(
            pointer + "/" + name,
            "%s takes no \"%s\"; it takes %s"
                .formatted(kind, name, takes.stream().sorted().collect(Collectors.joining(", "))));
      }
    }
    needs(pointer, fault, kind);
    times(pointer, fault, kind);
    lasting(pointer);
    exclusive(pointer, fault, "size", "until");
    exclusive(pointer, fault, "peers", "cidrs");
    exclusive(pointer, fault, "peerSelector", "cidrs");
    until(pointer, fault, kind);
    stress(pointer, fault, kind);
    failure(pointer, fault);
    mode(pointer, fault);
  }

  /** What no step takes is told by the schema. */
  private static boolean known(String name) {
    return FORMS.contains(name) || TAKES.values().stream().anyMatch(t -> t.contains(name));
  }

  private void needs(String pointer, JsonNode fault, String kind) {
    boolean kill = KILLS.contains(kind);
    if (!kill) {
      REVERSIBLE.stream().filter(n -> !fault.has(n)).forEach(n -> lacks(pointer, kind, n));
    } else if (fault.has("duration") && !fault.has("ttl")) {
      lacks(pointer, kind, "ttl");
    } else if (fault.path("follow").asBoolean(false) && !fault.has("duration")) {
      lacks(pointer, kind, "duration");
    }
    NEEDS.getOrDefault(kind, List.of()).stream()
        .filter(n -> !fault.has(n))
        .forEach(n -> lacks(pointer, kind, n));
    if ((kind.equals("MemoryStress") || kind.equals("DiskFill"))
        && !fault.has("size")
        && !fault.has("until")) {
      lacks(pointer, kind, "size");
    }
  }

  private void lacks(String pointer, String kind, String name) {
    refuse(
        pointer, SourceSchema.words(pointer) + " lacks \"" + name + "\", which " + kind + " needs");
  }

  private void times(String pointer, JsonNode fault, String kind) {
    var every = duration(pointer + "/every");
    if (fault.has("every") && every != null && every.isZero()) {
      refuse(pointer + "/every", "every must be above 0s");
    }
    if (KILLS.contains(kind) && fault.has("duration")) {
      if (!fault.has("every") && !fault.has("follow")) {
        refuse(
            pointer + "/duration",
            kind
                + " is done in a moment: with \"every\" it is repeated for that long, to look"
                + " longer use a hold");
      }
      if (fault.has("times")) {
        refuseKey(
            pointer + "/times",
            "give times or duration, not both: \"every\" repeats "
                + kind
                + " for as long as \"duration\" says");
      }
      return;
    }
    if (fault.has("every") != fault.has("times")) {
      refuse(
          pointer,
          fault.has("every")
              ? "\"every\" needs \"times\": how often"
              : "\"times\" needs \"every\": how far apart");
    }
    var duration = duration(pointer + "/duration");
    if (every != null && duration != null && every.compareTo(duration) < 0) {
      refuse(
          pointer + "/every",
          "every "
              + DurationText.of(every)
              + " is shorter than duration "
              + DurationText.of(duration)
              + ": one would begin before the last has ended");
    }
  }

  private void lasting(String pointer) {
    var duration = duration(pointer + "/duration");
    var ttl = duration(pointer + "/ttl");
    if (duration != null && duration.isZero()) {
      refuse(pointer + "/duration", "a fault must last longer than 0s");
    }
    if (duration != null && ttl != null && ttl.compareTo(duration) < 0) {
      refuse(
          pointer + "/ttl",
          "ttl "
              + DurationText.of(ttl)
              + " is shorter than duration "
              + DurationText.of(duration)
              + ": the fault would be undone before it has lasted; make ttl at least "
              + DurationText.of(duration));
    }
  }

  private void exclusive(String pointer, JsonNode fault, String one, String other) {
    if (fault.has(one) && fault.has(other)) {
      refuse(pointer + "/" + other, "give " + one + " or " + other + ", not both");
    }
  }

  private void until(String pointer, JsonNode fault, String kind) {
    String right =
        switch (kind) {
          case "MemoryStress" -> "MemoryPressure";
          case "DiskFill" -> "DiskPressure";
          default -> null;
        };
    String said = fault.path("until").asString("");
    if (right != null && !said.isEmpty() && !said.equals(right)) {
      refuse(pointer + "/until", kind + " can only lead to " + right + ", not " + said);
    }
  }

  /** What is said of containers needs a pod, and pressure is the node's. */
  private void stress(String pointer, JsonNode fault, String kind) {
    if (!TAKES.getOrDefault(kind, List.of()).contains("in")) {
      return;
    }
    boolean pod = fault.path("in").asString("node").equals("pod");
    for (String name : pod ? List.of("until") : List.of("containers", "follow")) {
      if (fault.has(name)) {
        refuseKey(
            pointer + "/" + name,
            pod
                ? "in a pod " + kind + " takes no \"" + name + "\": pressure is a node's"
                : "\"" + name + "\" goes with \"in: pod\"; on a node there is none");
      }
    }
  }

  /** What is said of a failure that has no such thing. */
  private void failure(String pointer, JsonNode fault) {
    String said = fault.path("failure").asString("");
    List<LlmFailure> meant =
        Arrays.stream(LlmFailure.values()).filter(f -> f.word().equals(said)).toList();
    for (LlmFailure failure : meant) { // none where the schema has complained
      if (fault.has("factor") && !failure.takesFactor()) {
        goesWith(pointer + "/factor", said, LlmFailure::takesFactor);
      }
      if (fault.has("afterTokens") && !failure.takesAfterTokens()) {
        goesWith(pointer + "/afterTokens", said, LlmFailure::takesAfterTokens);
      }
    }
  }

  private void goesWith(String pointer, String failure, Predicate<LlmFailure> takes) {
    refuseKey(
        pointer,
        "%s takes no \"%s\"; it goes with %s"
            .formatted(
                failure,
                pointer.substring(pointer.lastIndexOf('/') + 1),
                Arrays.stream(LlmFailure.values())
                    .filter(takes)
                    .map(LlmFailure::word)
                    .collect(Collectors.joining(", "))));
  }

  private void mode(String pointer, JsonNode fault) {
    String mode = fault.path("mode").asString("one");
    boolean takes = !mode.equals("one") && !mode.equals("all");
    if (takes && !fault.has("value")) {
      refuse(pointer, "mode " + mode + " lacks \"value\"");
    }
    if (!takes && fault.has("value")) {
      refuse(pointer + "/value", "mode " + mode + " takes no value");
    }
    if (mode.endsWith("percent") && fault.path("value").asInt(0) > 100) {
      refuse(pointer + "/value", "a percentage can not exceed 100");
    }
  }

  private @Nullable Duration duration(String pointer) {
    JsonNode node = tree.root().at(pointer);
    return node.isString() ? DurationText.parse(node.asString()).orElse(null) : null;
  }

  private void refuse(String pointer, String message) {
    problems.accept(tree.at(pointer, message));
  }

  private void refuseKey(String pointer, String message) {
    problems.accept(tree.atKey(pointer, message));
  }
}
