package dev.muster.drill;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A drill file as written, with defaults filled in. See {@code docs/drill.md} for the words. */
public record Drill(
    Metadata metadata,
    Lab lab,
    @Nullable Deploy deploy,
    @Nullable PowerHook power,
    Target target,
    Load load,
    List<Fault> faults,
    List<AbortRule> abortWhen,
    Expect expect,
    Report report) {

  /** {@code title} by language code (zh, en); never empty. */
  public record Metadata(String name, Map<String, String> title) {}

  /**
   * @param kubernetes as written, 1.37.2 or 1.26: the lab chooses the patch release
   * @param nodes with the {@code ops} node, which is never a victim
   * @param settings flags of the control plane and kubelets that the drill wants, by component
   */
  public record Lab(
      String kubernetes,
      int nodes,
      List<String> zones,
      Map<String, Map<String, String>> settings) {}

  /**
   * @param values Helm values laid over the chart's own
   */
  public record Deploy(
      String chart, String release, String namespace, Map<String, Object> values) {}

  /**
   * Commands by which nodes are switched; {@code {{node}}} stands for the node's name. No shell.
   */
  public record PowerHook(List<String> off, List<String> on, List<String> state) {}

  /**
   * @param endpoint {@code ingress} or an http(s) URL
   */
  public record Target(String namespace, Map<String, String> labelSelectors, String endpoint) {}

  public record Load(
      Arrivals arrivals,
      boolean stream,
      int promptTokens,
      int answerTokens,
      Duration baseline,
      Duration timeout,
      long seed,
      @Nullable String model) {}

  public record Arrivals(Pattern pattern, double perSecond) {
    public enum Pattern {
      POISSON,
      CONSTANT
    }
  }

  /**
   * @param node a named victim; null lets {@code hosting} choose
   */
  public record Fault(
      Kind kind,
      @Nullable String node,
      boolean hostingTarget,
      Duration duration,
      Duration ttl,
      int line) {
    public enum Kind {
      NODE_SHUTDOWN
    }
  }

  /** Probe word, comparator and value as in Litmus; holds for {@code lasting} before it aborts. */
  public record AbortRule(String probe, String criteria, double value, Duration lasting) {}

  /**
   * Null fields are not asked for.
   *
   * @param availabilityMin in percent, 0 to 100
   */
  public record Expect(
      @Nullable Duration detectedWithin,
      @Nullable Duration replacedWithin,
      @Nullable Duration interruptionMax,
      @Nullable Double availabilityMin,
      @Nullable Long lostRequestsMax,
      @Nullable Duration recoveredWithin,
      List<Map<String, Object>> alerts,
      List<Map<String, Object>> logs,
      Map<String, Object> consistency,
      boolean residueNone) {}

  public record Report(List<String> languages, List<String> formats) {}
}
