package dev.muster.verdict.check.clients;

import dev.muster.drill.expect.ExpectYaml;
import dev.muster.drill.expect.Expectation;
import dev.muster.drill.field.NumberText;
import dev.muster.timeline.Request;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Evidence;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Need;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import java.util.List;
import java.util.Set;

/**
 * The share of full answers among all scheduled requests that were in flight at the fault or
 * intended until the end of the load; lost, refused, unreachable and never sent ones count as not
 * answered.
 */
public final class AvailabilityCheck implements Check {
  static final Expectation<Double> MIN =
      Expectation.share(
              "availability", "the share of requests since the fault that got their full answer")
          .ofClients()
          .rules(AvailabilityCheck::rules);

  private static void rules(ExpectYaml yaml) {
    var min = NumberText.percent(yaml.at("/min").asString(""));
    if (min != null && min > 100) {
      yaml.refuse("/min", "availability can not exceed 100%");
    } else if (min != null && min == 0) {
      yaml.refuse("/min", "0% holds where no request is answered at all");
    }
  }

  @Override
  public String name() {
    return "availability";
  }

  @Override
  public List<Expectation<?>> expects() {
    return List.of(MIN);
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
    var min = MIN.in(history.drill());
    if (min == null) {
      return List.of();
    }
    return List.of(
        Recovery.of(history)
            .map(recovery -> judge(recovery, min))
            .orElseGet(() -> Finding.inconclusive(name(), Sentence.of("no fault was injected"))));
  }

  private Finding judge(Recovery recovery, double min) {
    var requests = recovery.requests();
    if (requests.isEmpty()) {
      return Finding.inconclusive(
          name(), Sentence.of("no request was scheduled from the fault on"));
    }
    var good = requests.stream().filter(Request::answered).toList();
    double share = 100.0 * good.size() / requests.size();
    double seconds = Math.max(1e-9, Recovery.seconds(recovery.fault(), recovery.loadEnd()));
    return new Finding(
        name(),
        share < min ? Status.FAIL : Status.PASS,
        share,
        min,
        "%",
        Sentence.list("; ", List.of(Answers.of(requests).told(), goodput(good, seconds))),
        Evidence.failed(requests, 10),
        recovery.sample(requests, requests.size() - good.size(), min / 100));
  }

  private static Sentence goodput(List<Request> good, double seconds) {
    return good.stream().anyMatch(Request::hasNoTokens)
        ? Sentence.of("goodput %.1f answers/s", good.size() / seconds)
        : Sentence.of(
            "goodput %.1f answers/s, %.0f tokens/s",
            good.size() / seconds, good.stream().mapToLong(Request::tokens).sum() / seconds);
  }
}
