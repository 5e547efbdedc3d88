package dev.muster.verdict.check.clients;

import dev.muster.drill.Drill;
import dev.muster.timeline.Request;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Evidence;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Need;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Interruption;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What clients got from the fault to the end of the load, asked for or not. A service that answers
 * nobody at the end has not recovered, and failures that no expectation bounds are no pass.
 */
public final class ClientsCheck implements Check {

  /** After so long without an answer one failure may be the first of many. */
  private static final Duration LAST = Duration.ofSeconds(1);

  /** A quantile below leaves a large part to chance. */
  private static final double MOST = 0.9;

  @Override
  public String name() {
    return "clients";
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.LOAD, Need.TIME);
  }

  @Override
  public Harm byOthers() {
    return Harm.FELT;
  }

  @Override
  public List<Finding> judge(History history) {
    if (history.drill().load() == null) {
      return List.of(); // nobody asked anything of the service, and nobody says so
    }
    return Recovery.of(history).map(this::judge).map(List::of).orElse(List.of());
  }

  private Finding judge(Recovery recovery) {
    var requests = recovery.requests();
    if (requests.isEmpty()) {
      return Finding.inconclusive(
          name(), Sentence.of("no request was scheduled from the fault on"));
    }
    var answers = Answers.of(requests);
    var last = unanswered(requests);
    boolean dead = last.size() > 1;
    var doubt = dead ? Optional.<Sentence>empty() : doubt(recovery, requests, last, answers);
    return new Finding(
        name(),
        dead ? Status.FAIL : doubt.isPresent() ? Status.INCONCLUSIVE : Status.PASS,
        100.0 * answers.answered() / answers.all(),
        null,
        "%",
        dead
            ? Sentence.list(
                ": ",
                List.of(
                    Sentence.of(
                        "the service did not answer any more when the load ended: none of the last"
                            + " %d requests got its full answer",
                        last.size()),
                    Reasons.of(last).orElseThrow()))
            : doubt.orElseGet(answers::told),
        Evidence.failed(requests, 10),
        recovery.sample(requests, answers.all() - answers.answered(), null));
  }

  /** Requests that were sent since the last one that was answered. */
  static List<Request> unanswered(List<Request> requests) {
    var since = new ArrayList<Request>();
    for (var request : requests) {
      if (request.answered()) {
        since.clear();
      } else if (!request.ofGenerator()) {
        since.add(request);
      }
    }
    return since;
  }

  /** Why it is not known whether what clients got is good enough. */
  private static Optional<Sentence> doubt(
      Recovery recovery, List<Request> requests, List<Request> last, Answers answers) {
    var answered =
        requests.stream()
            .filter(Request::answered)
            .map(Request::intended)
            .reduce(recovery.fault(), (_, at) -> at);
    if (!last.isEmpty() && last.getFirst().intended().isAfter(answered.plus(LAST))) {
      return Optional.of(
          Sentence.of(
              "the last request got no full answer, and the one before it was sent %.1f s earlier:"
                  + " whether the service still answered when the load ended is not known",
              Recovery.seconds(answered, last.getFirst().intended())));
    }
    return unbounded(recovery, requests) == 0
        ? Optional.empty()
        : Optional.of(
            Sentence.of(
                "%s; the drill does not say how many may fail: add availability to expect",
                answers.told()));
  }

  /** Failed requests of which no expectation says how many there may be. */
  private static long unbounded(Recovery recovery, List<Request> requests) {
    var drill = recovery.history().drill();
    if (AvailabilityCheck.MIN.isIn(drill)) {
      return 0;
    }
    var interruptions =
        InterruptionCheck.MAX.isIn(drill) ? Interruption.all(recovery) : List.<Interruption>of();
    boolean lost = LostRequestsCheck.LOST.isIn(drill);
    boolean unreachable = LostRequestsCheck.UNREACHABLE.isIn(drill);
    boolean refused = LostRequestsCheck.REFUSED.isIn(drill);
    boolean late = bounded(LatencyCheck.BOUNDS.in(drill, Drill.Latency.NOT_ASKED));
    return requests.stream()
        .filter(r -> !r.answered() && !r.ofGenerator())
        .filter(r -> !(lost && (r.lost() || r.unreachable())))
        .filter(r -> !(unreachable && r.unreachable()))
        .filter(r -> !(refused && r.refused()))
        .filter(r -> !(late && !r.hasNoTokens() && r.firstToken() == null))
        .filter(r ->
            interruptions.stream().noneMatch(i -> i.holds(Interruption.felt(r, recovery.fault()))))
        .count();
  }

  /**
   * Whoever got no token waited longer than any bound, so that a high quantile bounds them too. One
   * that broke off after its first token did not wait for it.
   */
  private static boolean bounded(Drill.Latency latency) {
    return Stream.concat(latency.ttft().stream(), latency.gap().stream())
        .anyMatch(quantile -> quantile.share() >= MOST);
  }
}
