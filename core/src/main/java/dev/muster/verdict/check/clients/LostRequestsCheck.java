package dev.muster.verdict.check.clients;

import dev.muster.drill.expect.Expectation;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.timeline.RetryId;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Evidence;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Need;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * How many requests were lost, refused or could not reach the service, from the fault to the end of
 * the load. A service that is not there loses no less than one that breaks off: those that could
 * not reach it count against the bound of the lost as well. Of users whose SDK asks again the last
 * attempt counts: they have lost what no retry brought them.
 */
public final class LostRequestsCheck implements Check {
  static final Expectation<Long> LOST =
      Expectation.requests(
              "lostRequests", "accepted and not answered in full, or never at the service", "max")
          .ofClients();

  static final Expectation<Long> REFUSED =
      Expectation.requests(
              "refusedRequests", "429 or 503 with an error object of the service", "max")
          .ofClients();

  static final Expectation<Long> UNREACHABLE =
      Expectation.requests(
              "unreachableRequests", "no connection, or an ingress' own 502, 503, 504", "max")
          .ofClients();

  @Override
  public String name() {
    return "lostRequests";
  }

  @Override
  public List<Expectation<?>> expects() {
    return List.of(LOST, REFUSED, UNREACHABLE);
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.LOAD, Need.SAMPLES);
  }

  @Override
  public Harm byOthers() {
    return Harm.FELT;
  }

  @Override
  public List<Finding> judge(History history) {
    var findings = new ArrayList<Finding>();
    judge(history, LOST, r -> r.lost() || r.unreachable(), findings);
    judge(history, REFUSED, Request::refused, findings);
    judge(history, UNREACHABLE, Request::unreachable, findings);
    return List.copyOf(findings);
  }

  private static void judge(
      History history, Expectation<Long> asked, Predicate<Request> which, List<Finding> findings) {
    var name = asked.name();
    var max = asked.in(history.drill());
    if (max != null) {
      findings.add(
          Recovery.of(history)
              .map(recovery -> judge(recovery, name, which, max))
              .orElseGet(() -> Finding.inconclusive(name, Sentence.of("no fault was injected"))));
    }
  }

  private static Finding judge(Recovery recovery, String name, Predicate<Request> which, long max) {
    var first = recovery.requests();
    if (first.isEmpty()) {
      return Finding.inconclusive(name, Sentence.of("no request was scheduled from the fault on"));
    }
    var requests = Users.have(recovery.history(), first);
    var found = requests.stream().filter(which).toList();
    var outcomes = new TreeMap<Outcome, Long>();
    found.forEach(r -> outcomes.merge(r.outcome(), 1L, Long::sum));
    var told = told(requests);
    return new Finding(
        name,
        found.size() > max ? Status.FAIL : Status.PASS,
        (double) found.size(),
        (double) max,
        "requests",
        found.isEmpty() ? told : Sentence.of("%s: {%s}", told, Evidence.counted(outcomes)),
        Evidence.failed(found, 20),
        recovery.sample(requests, found.size(), null));
  }

  /** With what clients did for it: who asked again, and who asked for the rest of a stream. */
  private static Sentence told(List<Request> requests) {
    var told = new ArrayList<>(List.of(Answers.of(requests).told()));
    long again = requests.stream().filter(r -> RetryId.of(r.id()).isPresent()).count();
    if (again > 0) {
      told.add(Sentence.of("%d were asked again", again));
    }
    long resumed = requests.stream().filter(r -> r.resumes() > 0 && r.answered()).count();
    if (resumed > 0) {
      told.add(Sentence.of("%d broke off and were gone on with for their clients", resumed));
    }
    return Sentence.list("; ", told);
  }
}
