package dev.muster.verdict.check.clients;

import dev.muster.drill.Drill.Latency;
import dev.muster.drill.Drill.Quantile;
import dev.muster.drill.expect.Expectation;
import dev.muster.drill.field.DurationText;
import dev.muster.timeline.Request;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Need;
import dev.muster.verdict.finding.Sample;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Phases;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How long clients waited, of all requests that were sent from the fault to the end of the load:
 * for the first token since the request was to be sent, and within an answer. Whoever got no token
 * waited longer than any bound, so that an outage is no good latency. A finding for each quantile.
 */
public final class LatencyCheck implements Check {
  static final Expectation<Latency> BOUNDS =
      Expectation.of(
              "latency",
              """
              {"type": "object", "additionalProperties": false, "minProperties": 1,
               "properties": {
                 "ttft": {"$ref": "#/$defs/quantiles", "description": "from the intended time to the first token"},
                 "gap": {"$ref": "#/$defs/quantiles", "description": "the longest silence within an answer"}}}
              """,
              "of all requests since the fault: first token, and silence within an answer",
              node -> new Latency(quantiles(node.path("ttft")), quantiles(node.path("gap"))))
          .ofClients()
          .rules(LatencyRules::check);

  private static List<Quantile> quantiles(JsonNode bounds) {
    return bounds
        .propertyStream()
        .map(bound -> {
          var within = DurationText.parse(bound.getValue().asString());
          return new Quantile(bound.getKey(), within.orElseThrow());
        })
        .toList();
  }

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public List<Expectation<?>> expects() {
    return List.of(BOUNDS);
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.LOAD, Need.SAMPLES, Need.TIME);
  }

  @Override
  public Harm byOthers() {
    return Harm.FELT;
  }

  @Override
  public List<Finding> judge(History history) {
    var asked = BOUNDS.in(history.drill(), Latency.NOT_ASKED);
    var findings = new ArrayList<Finding>();
    for (var bound : asked.ttft()) {
      findings.add(
          judge(history, bound, Sentence.of("time to the first token"), LatencyCheck::toFirst));
    }
    for (var bound : asked.gap()) {
      findings.add(
          judge(
              history, bound, Sentence.of("longest silence within an answer"), LatencyCheck::gap));
    }
    return List.copyOf(findings);
  }

  private Finding judge(
      History history,
      Quantile bound,
      Sentence what,
      Function<Request, @Nullable Duration> waited) {
    return Recovery.of(history)
        .map(recovery -> judge(recovery, bound, what, waited))
        .orElseGet(() -> Finding.inconclusive(name(), Sentence.of("no fault was injected")));
  }

  private Finding judge(
      Recovery recovery,
      Quantile bound,
      Sentence what,
      Function<Request, @Nullable Duration> waited) {
    var requests = sent(recovery.requests());
    if (requests.isEmpty()) {
      return Finding.inconclusive(name(), Sentence.of("no request was sent from the fault on"));
    }
    if (requests.stream().anyMatch(Request::hasNoTokens)) {
      return Finding.inconclusive(
          name(), Sentence.of("answers of this API have no tokens whose times could be bounded"));
    }
    var slow = requests.stream().filter(r -> slower(waited.apply(r), bound.within())).toList();
    long none = requests.stream().filter(r -> waited.apply(r) == null).count();
    boolean broken = slow.size() > Sample.allowed(bound.share(), requests.size());
    var measured = quantile(requests, bound.share(), waited);
    var before = quantile(sent(recovery.baseline()), bound.share(), waited);
    var told =
        Sentence.of(
            "%s, %s: %s from the fault on, %s before it; %d of %d requests waited longer than %s s,"
                + " of which %d got no token",
            what,
            bound.name(),
            seconds(measured),
            seconds(before),
            slow.size(),
            requests.size(),
            bound.within().toMillis() / 1e3,
            none);
    return new Finding(
        name(),
        broken ? Status.FAIL : Status.PASS,
        measured == null ? null : measured.toNanos() / 1e9,
        bound.within().toNanos() / 1e9,
        "s",
        broken ? blamed(told, recovery, slow) : told,
        slow.stream().limit(20).map(r -> line(r, waited.apply(r))).toList(),
        recovery.sample(requests, slow.size(), bound.share()));
  }

  private static List<Request> sent(List<Request> requests) {
    return requests.stream().filter(r -> !r.ofGenerator()).toList();
  }

  private static Sentence blamed(Sentence told, Recovery recovery, List<Request> slow) {
    var times = slow.stream().map(Request::intended).sorted().toList();
    var first = times.getFirst().isBefore(recovery.fault()) ? recovery.fault() : times.getFirst();
    return Phases.blamed(told, recovery, first, times.getLast());
  }

  /** The least time that the share of all waited at most; null where one without a token did. */
  private static @Nullable Duration quantile(
      List<Request> requests, double share, Function<Request, @Nullable Duration> waited) {
    var known =
        requests.stream()
            .map(waited)
            .filter(Objects::nonNull)
            .sorted(Comparator.naturalOrder())
            .toList();
    int rank = requests.size() - (int) Sample.allowed(share, requests.size());
    return rank < 1 || rank > known.size() ? null : known.get(rank - 1);
  }

  private static boolean slower(@Nullable Duration waited, Duration bound) {
    return waited == null || waited.compareTo(bound) > 0;
  }

  private static @Nullable Duration toFirst(Request request) {
    var first = request.firstToken();
    return first == null ? null : between(request.intended(), first);
  }

  /** One that broke off was silent until then. */
  private static @Nullable Duration gap(Request request) {
    var last = request.lastToken();
    if (last == null) {
      return null;
    }
    var longest = Duration.ofMillis(request.longestGapMillis());
    var ended = request.ended();
    var left = request.answered() || ended == null ? Duration.ZERO : between(last, ended);
    return left.compareTo(longest) > 0 ? left : longest;
  }

  private static Duration between(Instant from, Instant to) {
    return to.isBefore(from) ? Duration.ZERO : Duration.between(from, to);
  }

  private static Sentence seconds(@Nullable Duration waited) {
    return waited == null
        ? Sentence.of("not known")
        : Sentence.of("%.1f s", waited.toNanos() / 1e9);
  }

  private static Sentence line(Request request, @Nullable Duration waited) {
    return waited == null
        ? Sentence.of("request %s got no token", request.id())
        : Sentence.of("request %s waited %.1f s", request.id(), waited.toNanos() / 1e9);
  }
}
