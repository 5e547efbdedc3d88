package dev.muster.drill;

import dev.muster.drill.FaultKind.Amount;
import dev.muster.drill.FaultKind.Direction;
import dev.muster.drill.FaultKind.Peers;
import dev.muster.drill.FaultKind.Place;
import dev.muster.drill.Selector.Expression;
import dev.muster.source.SourceTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes steps and faults of a tree that schema and rules have accepted. */
final class FaultReader {
  /** As the reference service's chart names it. */
  private static final String TOKEN_SECRET = "deepseek-faults";

  private static final int AFTER_TOKENS = 5;

  private final SourceTree tree;

  FaultReader(SourceTree tree) {
    this.tree = tree;
  }

  List<Step> steps(String pointer) {
    var steps = new ArrayList<Step>();
    int count = tree.root().at(pointer).size();
    for (int i = 0; i < count; i++) {
      steps.add(step(pointer + "/" + i));
    }
    return List.copyOf(steps);
  }

  private Step step(String pointer) {
    JsonNode step = tree.root().at(pointer);
    if (step.has("hold")) {
      return new Step.Hold(duration(step.path("hold")));
    }
    if (step.has("parallel")) {
      return new Step.Parallel(steps(pointer + "/parallel"));
    }
    if (step.has("serial")) {
      return new Step.Serial(steps(pointer + "/serial"));
    }
    return fault(step, pointer);
  }

  private Fault fault(JsonNode fault, String pointer) {
    return new Fault(
        kind(fault, pointer),
        new Mode(Mode.Word.of(fault.path("mode").asString("one")), fault.path("value").asInt(0)),
        selector(pointer + "/selector"),
        optional(fault.path("duration")),
        optional(fault.path("ttl")),
        orZero(fault.path("after")),
        fault.path("times").asInt(1),
        fault.has("times") ? duration(fault.path("every")) : Duration.ZERO,
        fault.path("follow").asBoolean(false),
        pointer);
  }

  private FaultKind kind(JsonNode fault, String pointer) {
    return switch (fault.path("kind").asString()) {
      case "NodeShutdown" ->
          new FaultKind.NodeShutdown(fault.path("action").asString("off").equals("reboot"));
      case "NodeNetwork" ->
          new FaultKind.NodeNetwork(
              fault.has("cidrs") ? Peers.CIDRS : peers(fault.path("peers").asString("all")),
              list(fault.path("cidrs")),
              direction(fault));
      case "NetworkPolicy" ->
          new FaultKind.NetworkPolicy(
              direction(fault),
              fault.has("peerSelector") ? selector(pointer + "/peerSelector") : null,
              list(fault.path("cidrs")));
      case "CpuStress" ->
          new FaultKind.CpuStress(
              fault.path("load").asInt(100),
              fault.path("workers").asInt(0),
              place(fault),
              list(fault.path("containers")));
      case "MemoryStress" ->
          new FaultKind.MemoryStress(
              amount(fault.path("size")), place(fault), list(fault.path("containers")));
      case "DiskFill" -> new FaultKind.DiskFill(amount(fault.path("size")));
      case "ProcessKill" ->
          new FaultKind.ProcessKill(list(fault.path("containers")), repeated(fault));
      case "ProcessPause" -> new FaultKind.ProcessPause(list(fault.path("containers")));
      case "KubeletStop" -> new FaultKind.KubeletStop();
      case "PodKill" ->
          new FaultKind.PodKill(
              fault.has("gracePeriod")
                  ? duration(fault.path("gracePeriod"))
                  : Duration.ofSeconds(30),
              repeated(fault));
      case "DnsFailure" -> new FaultKind.DnsFailure();
      case "NetworkDelay" ->
          new FaultKind.NetworkDelay(duration(fault.path("latency")), orZero(fault.path("jitter")));
      case "NetworkLoss" ->
          new FaultKind.NetworkLoss(Objects.requireNonNull(DrillFile.percent(fault.path("loss"))));
      case "LlmFault" -> llm(fault);
      default -> throw new IllegalStateException("kind passed the schema: " + fault.path("kind"));
    };
  }

  private static FaultKind.LlmFault llm(JsonNode fault) {
    LlmFailure failure = LlmFailure.of(fault.path("failure").asString());
    return new FaultKind.LlmFault(
        failure,
        fault.path("factor").asInt(failure.usualFactor()),
        fault.path("afterTokens").asInt(AFTER_TOKENS),
        fault.path("tokenSecret").asString(TOKEN_SECRET),
        fault.has("port") ? fault.path("port").asInt() : null);
  }

  /** A kill that is repeated inside of its duration, as opposed to {@code times}. */
  private static @Nullable Duration repeated(JsonNode fault) {
    return fault.has("duration") ? optional(fault.path("every")) : null;
  }

  private static Peers peers(String word) {
    return Peers.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static Place place(JsonNode fault) {
    return Place.valueOf(fault.path("in").asString("node").toUpperCase(Locale.ROOT));
  }

  private static Direction direction(JsonNode fault) {
    return FaultKind.direction(fault.path("direction").asString("both"));
  }

  /** {@code 512Mi}, {@code 2GB} (powers of 1000), {@code 90%}; nothing means until pressure. */
  static Amount amount(JsonNode node) {
    if (node.isMissingNode()) {
      return new Amount(null, null);
    }
    String text = node.asString();
    if (text.endsWith("%")) {
      return new Amount(null, Integer.valueOf(text.substring(0, text.length() - 1)));
    }
    int digits = 0;
    while (Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    long number = Long.parseLong(text.substring(0, digits));
    long base = text.contains("i") ? 1024 : 1000;
    int power = "KMG".indexOf(text.charAt(digits)) + 1;
    for (int i = 0; i < power; i++) {
      number *= base;
    }
    return new Amount(number, null);
  }

  Selector selector(String pointer) {
    JsonNode node = tree.root().at(pointer);
    if (node.isMissingNode()) {
      return Selector.EMPTY;
    }
    var pods = new LinkedHashMap<String, List<String>>();
    for (var namespace : node.path("pods").propertyNames()) {
      pods.put(namespace, list(node.path("pods").path(namespace)));
    }
    return new Selector(
        text(node.path("hosting")),
        text(node.path("zone")),
        list(node.path("nodes")),
        strings(pointer + "/nodeSelectors"),
        list(node.path("namespaces")),
        strings(pointer + "/labelSelectors"),
        node.path("expressionSelectors")
            .valueStream()
            .map(e ->
                new Expression(
                    e.path("key").asString(),
                    e.path("operator").asString(),
                    list(e.path("values"))))
            .toList(),
        strings(pointer + "/annotationSelectors"),
        strings(pointer + "/fieldSelectors"),
        list(node.path("podPhaseSelectors")),
        pods);
  }

  /** A mapping of scalars, each as it was written. */
  Map<String, String> strings(String pointer) {
    var strings = new LinkedHashMap<String, String>();
    for (var name : tree.root().at(pointer).propertyNames()) {
      var child = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
      strings.put(name, Objects.requireNonNull(tree.text(child)));
    }
    return strings;
  }

  private static List<String> list(JsonNode node) {
    return node.valueStream().map(JsonNode::asString).toList();
  }

  private static @Nullable String text(JsonNode node) {
    return node.isMissingNode() ? null : node.asString();
  }

  private static Duration duration(JsonNode node) {
    return DurationText.parse(node.asString()).orElseThrow();
  }

  private static @Nullable Duration optional(JsonNode node) {
    return node.isMissingNode() ? null : duration(node);
  }

  private static Duration orZero(JsonNode node) {
    return node.isMissingNode() ? Duration.ZERO : duration(node);
  }
}
