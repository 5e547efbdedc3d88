package dev.muster.drill;

import dev.muster.drill.observer.Watcher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A drill file as written, with defaults filled in. See {@code docs/drill.md} for the words.
 *
 * @param monitor chart of what watches the service; null where nothing is to be installed
 * @param observe those whom {@code observe} names or {@code monitor} installs
 * @param load null where nobody asks anything of the service: then nothing is known of clients
 * @param steps the disturbance, one after another
 * @param agentImage image of the fault agent where the cluster does not have the lab's
 */
public record Drill(
    Metadata metadata,
    Lab lab,
    @Nullable Deploy deploy,
    @Nullable Deploy monitor,
    List<Watcher> observe,
    @Nullable PowerHook power,
    Target target,
    @Nullable Load load,
    List<Step> steps,
    List<AbortRule> abortWhen,
    Protect protect,
    @Nullable String agentImage,
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
   * @param labelSelectors of the pods under test; empty means every pod of the namespace
   * @param endpoint {@code ingress} or an http(s) URL
   */
  public record Target(String namespace, Map<String, String> labelSelectors, String endpoint) {}

  /**
   * @param timeout of a whole request, from its first packet to its last byte
   * @param inCluster pods that send it; null where Muster itself does
   * @param prompts at least one; where the file names none, one of {@code promptTokens} and {@code
   *     answerTokens}
   * @param retries after a request that failed, at most, as by an SDK
   * @param reconnects for the rest of a stream that broke off, at most
   * @param compared whether answers to the same prompt are compared ({@code expect.content})
   */
  public record Load(
      Arrivals arrivals,
      boolean stream,
      int promptTokens,
      int answerTokens,
      Duration baseline,
      Duration timeout,
      long seed,
      @Nullable String model,
      LoadRequest request,
      @Nullable InCluster inCluster,
      List<PromptSource> prompts,
      boolean compared,
      int retries,
      int reconnects) {
    /** Of a request, where the file says none. */
    public static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** Of users who ask once. */
    public Load(
        Arrivals arrivals,
        boolean stream,
        int promptTokens,
        int answerTokens,
        Duration baseline,
        Duration timeout,
        long seed,
        @Nullable String model,
        LoadRequest request,
        @Nullable InCluster inCluster,
        List<PromptSource> prompts,
        boolean compared) {
      this(
          arrivals,
          stream,
          promptTokens,
          answerTokens,
          baseline,
          timeout,
          seed,
          model,
          request,
          inCluster,
          prompts,
          compared,
          0,
          0);
    }

    /** Sent by Muster itself, each request with a prompt of its own. */
    public Load(
        Arrivals arrivals,
        boolean stream,
        int promptTokens,
        int answerTokens,
        Duration baseline,
        Duration timeout,
        long seed,
        @Nullable String model,
        LoadRequest request) {
      this(
          arrivals,
          stream,
          promptTokens,
          answerTokens,
          baseline,
          timeout,
          seed,
          model,
          request,
          null,
          List.of(PromptSource.once(promptTokens, answerTokens)),
          false);
    }
  }

  /**
   * The load as a Job in the cluster.
   *
   * @param pods each of which sends an equal share
   * @param endpoint http(s) URL of the service as the pods reach it; null where it is the target's
   */
  public record InCluster(int pods, @Nullable String endpoint) {}

  /**
   * What no fault may touch.
   *
   * @param controlPlane nodes of the control plane too, as long as the file does not say otherwise
   */
  public record Protect(List<String> nodes, List<String> namespaces, boolean controlPlane) {}

  /**
   * What must hold for the drill to pass, as an {@code Expectation} reads it; nobody else does.
   *
   * @param asked by the field and where the value stands in it, like {@code detected/within}
   */
  public record Expect(Map<String, Object> asked) {
    public Expect {
      asked = Map.copyOf(asked);
    }
  }

  /**
   * How long clients may wait.
   *
   * @param ttft from the intended time to the first token
   * @param gap the longest silence within an answer
   */
  public record Latency(List<Quantile> ttft, List<Quantile> gap) {
    public static final Latency NOT_ASKED = new Latency(List.of(), List.of());
  }

  /**
   * @param name p50, p90, p95, p99 or max
   */
  public record Quantile(String name, Duration within) {

    /** Of all requests, 0 to 1. */
    public double share() {
      return name.equals("max") ? 1 : Integer.parseInt(name.substring(1)) / 100.0;
    }
  }

  /** An alert that must be told of the fault; times are counted from the fault and its end. */
  public record Alert(
      String name,
      @Nullable Duration firesWithin,
      @Nullable Duration resolvesWithin,
      @Nullable Duration notifiedWithin) {}

  /**
   * How many lines of a log store may match.
   *
   * @param query in Lucene's words
   */
  public record Logs(String query, @Nullable Long min, @Nullable Long max) {}

  /**
   * A question to a database after the drill.
   *
   * @param url of JDBC; {@code {{NAME}}} stands for an environment variable
   * @param equals the first column of the first row, as text
   */
  public record Sql(String url, String query, String equals) {

    /** The URL without what may be secret: users, passwords, parameters. */
    public String database() {
      var part = url.split("[?;]", 2);
      int at = part[0].lastIndexOf('@');
      boolean secret = at >= 0 || (part.length > 1 && part[1].indexOf('@') >= 0);
      if (!secret) {
        return part[0];
      }
      var driver = url.split(":", 3);
      return driver[0] + ":" + driver[1] + ":…" + (at < 0 ? "" : part[0].substring(at));
    }
  }

  public record Report(List<String> languages, List<String> formats) {}

  public <W extends Watcher> Optional<W> watcher(Class<W> type) {
    return observe.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  /** Every fault, in the order of the file; at least one. */
  public List<Fault> faults() {
    return steps.stream().flatMap(Step::faults).toList();
  }
}
