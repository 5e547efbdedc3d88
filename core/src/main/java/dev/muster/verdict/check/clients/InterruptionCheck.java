package dev.muster.verdict.check.clients;

import dev.muster.drill.expect.Expectation;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Need;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Interruption;
import dev.muster.verdict.recovery.Phases;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The longest {@link Interruption} that clients felt. It fails by the shortest time that fits what
 * was seen and passes by the longest; a bound between the two is inconclusive.
 */
public final class InterruptionCheck implements Check {
  static final Expectation<Duration> MAX =
      Expectation.longest(
              "interruption",
              "the longest time in which fewer than 95 % of a second's requests got their full"
                  + " answer")
          .ofClients();

  @Override
  public String name() {
    return "interruption";
  }

  @Override
  public List<Expectation<?>> expects() {
    return List.of(MAX);
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.LOAD);
  }

  @Override
  public Harm byOthers() {
    return Harm.FELT;
  }

  @Override
  public List<Finding> judge(History history) {
    var max = MAX.in(history.drill());
    if (max == null) {
      return List.of();
    }
    return List.of(
        Recovery.of(history)
            .map(recovery -> judge(recovery, max))
            .orElseGet(() -> Finding.inconclusive(name(), Sentence.of("no fault was injected"))));
  }

  private Finding judge(Recovery recovery, Duration max) {
    double bound = max.toNanos() / 1e9;
    var requests = recovery.requests();
    if (requests.isEmpty()) {
      return Finding.inconclusive(name(), Sentence.of("no request was sent from the fault on"));
    }
    var all = Interruption.all(recovery);
    var longest = Interruption.of(recovery);
    var sample =
        recovery.sample(requests, requests.stream().filter(r -> !r.answered()).count(), null);
    if (longest.isPresent() && longest.get().seconds() > bound) {
      return felt(Status.FAIL, longest.get(), recovery, bound).over(sample);
    }
    var possible = all.stream().max(Comparator.comparingDouble(Interruption::atMost));
    if (possible.isPresent() && possible.get().atMost() > bound) {
      return felt(Status.INCONCLUSIVE, possible.get(), recovery, bound).over(sample);
    }
    double unseen = Interruption.unseen(recovery);
    if (unseen > bound) {
      return new Finding(
          name(),
          Status.INCONCLUSIVE,
          longest.map(Interruption::seconds).orElse(0.0),
          bound,
          "s",
          Sentence.of(
              "answers came up to %.1f s apart: an interruption of that length would have been in"
                  + " no request",
              unseen),
          List.of(),
          sample);
    }
    return longest
        .map(felt -> felt(Status.PASS, felt, recovery, bound))
        .orElseGet(() ->
            new Finding(
                name(),
                Status.PASS,
                0.0,
                bound,
                "s",
                Sentence.of("clients felt no interruption"),
                List.of()))
        .over(sample);
  }

  private Finding felt(Status status, Interruption felt, Recovery recovery, double bound) {
    var what = what(felt, recovery);
    var between =
        felt.latest() == null
            ? Sentence.of("it lasted at least %.1f s, and no answer came any more", felt.seconds())
            : Sentence.of(
                "by the answers before and after it lasted at least %.1f s and at most %.1f s",
                felt.seconds(), felt.atMost());
    return new Finding(
        name(),
        status,
        felt.seconds(),
        bound,
        "s",
        switch (status) {
          case FAIL -> Phases.blamed(what, recovery, felt.start(), felt.end());
          case INCONCLUSIVE -> Sentence.list("; ", List.of(what, between));
          case PASS -> what;
        },
        List.of(Sentence.of("from %s", felt.start()), Sentence.of("to %s", felt.end()), between));
  }

  /** What would be told as from one tenth of a second to the same one is a moment. */
  private static Sentence what(Interruption felt, Recovery recovery) {
    double from = recovery.since(felt.start());
    double to = recovery.since(felt.end());
    if (Math.round(10 * from) != Math.round(10 * to)) {
      return Sentence.of(
          "from %.1f s to %.1f s after the fault %d of %d requests got no full answer",
          from, to, felt.failed(), felt.all());
    }
    return Math.round(10 * to) == 0
        ? Sentence.of(
            "at the moment of the fault %d of %d requests got no full answer",
            felt.failed(), felt.all())
        : Sentence.of(
            "%.1f s after the fault %d of %d requests got no full answer",
            to, felt.failed(), felt.all());
  }
}
