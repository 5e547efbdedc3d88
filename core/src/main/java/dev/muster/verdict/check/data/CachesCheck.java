package dev.muster.verdict.check.data;

import dev.muster.drill.expect.Expectation;
import dev.muster.timeline.Event.CachesChanged;
import dev.muster.timeline.Event.CachesChanged.Cache;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.coverage.Observations;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Need;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.CausalOrder;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Every gateway comes to know the workers that etcd knows soon after these changed, and at the end
 * etcd knows those that are Ready. A gateway that does not answer is not judged while the run lasts
 * (its node may be off), but at the end it must.
 */
public final class CachesCheck implements Check {
  public static final Expectation<Duration> AGREE =
      Expectation.deadline(
          "caches",
          "every gateway knows the workers that etcd knows",
          "agreeWithin",
          "so soon after these changed");

  @Override
  public String name() {
    return "caches";
  }

  @Override
  public List<Expectation<?>> expects() {
    return List.of(AGREE);
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.LOOKS);
  }

  @Override
  public List<Finding> judge(History history) {
    var within = AGREE.in(history.drill());
    if (within == null) {
      return List.of();
    }
    var changes = Recovery.events(history, CachesChanged.class).toList();
    return List.of(
        changes.isEmpty()
            ? Observations.inconclusive(
                history,
                name(),
                Observations.CACHES,
                Sentence.of("no gateway was asked which workers it knows"))
            : judge(history, changes, within));
  }

  private Finding judge(History history, List<CachesChanged> changes, Duration within) {
    var last = changes.getLast();
    var end = history.timeline().getLast().stamp().at();
    var wrong = new ArrayList<Sentence>();
    var evidence = new ArrayList<Sentence>();
    var slowest = slowest(changes, end, evidence);
    double worst = slowest.most();
    double bound = within.toMillis() / 1e3;
    if (slowest.least() > bound) {
      wrong.add(Sentence.of("a gateway did not agree with etcd for %.1f s", slowest.least()));
    }
    last.caches().stream()
        .filter(cache -> cache.why() == null && !agrees(cache, last))
        .forEach(cache -> wrong.add(stuck(cache, last)));
    sets(last.registered(), last.ready())
        .forEach(pod -> wrong.add(Sentence.of("%s is still registered and no Ready worker", pod)));
    sets(last.ready(), last.registered())
        .forEach(pod -> wrong.add(Sentence.of("%s is Ready and not registered", pod)));
    var silent =
        last.caches().stream()
            .filter(cache -> cache.why() != null)
            .map(
                cache -> Sentence.of("%s did not tell what it knows: %s", cache.pod(), cache.why()))
            .toList();
    var unsure = new ArrayList<>(silent);
    if (slowest.least() <= bound && worst > bound) {
      unsure.add(
          Sentence.of(
              "a gateway did not agree with etcd for at least %.1f s and at most %.1f s",
              slowest.least(), worst));
    }
    Observations.whyNotObserved(history, Observations.CACHES)
        .map(Sentence::quote)
        .ifPresent(unsure::add);
    if (last.caches().isEmpty()) {
      unsure.add(Sentence.of("there is no gateway to ask"));
    }
    if (Observations.endedEarly(history)) {
      unsure.add(Sentence.of("the run was aborted before all gateways had time to agree"));
      unsure.addAll(wrong);
      wrong.clear();
    }
    var status =
        !wrong.isEmpty() ? Status.FAIL : !unsure.isEmpty() ? Status.INCONCLUSIVE : Status.PASS;
    return new Finding(
        name(),
        status,
        worst,
        bound,
        "s",
        switch (status) {
          case FAIL -> Sentence.list("; ", wrong);
          case INCONCLUSIVE -> Sentence.list("; ", unsure);
          case PASS ->
              Sentence.of(
                  "%d gateways know the %d workers that etcd knows; the longest disagreement seen"
                      + " was %.1f s",
                  last.caches().size(), last.registered().size(), worst);
        },
        List.copyOf(evidence));
  }

  /** By the looks that saw it, and by those before and after them. */
  private record Span(double least, double most) {
    Span and(Span other) {
      return new Span(Math.max(least, other.least), Math.max(most, other.most));
    }
  }

  /** The longest time in which some gateway knew other workers than etcd. */
  private static Span slowest(List<CachesChanged> changes, Instant end, List<Sentence> evidence) {
    var worst = new Span(0, 0);
    @Nullable CachesChanged apart = null;
    for (var change : changes) {
      boolean agree = change.caches().stream().allMatch(c -> c.why() != null || agrees(c, change));
      if (!agree && apart == null) {
        apart = change;
      } else if (agree && apart != null) {
        worst = worst.and(apart(apart, change.stamp(), evidence));
        apart = null;
      }
    }
    return apart == null ? worst : worst.and(apart(apart, Stamp.engine(end), evidence));
  }

  private static Span apart(CachesChanged from, Stamp to, List<Sentence> evidence) {
    var begin = from.stamp().at().minus(from.stamp().uncertainty());
    double seconds = Recovery.seconds(begin, to.at());
    evidence.add(
        Sentence.of(
            "from %s for at most %.1f s: etcd knew %s; %s",
            begin,
            seconds,
            from.registered(),
            Sentence.list(
                ", ",
                from.caches().stream()
                    .filter(c -> c.why() == null && !agrees(c, from))
                    .map(c -> Sentence.of("%s knew %s", c.pod(), c.workers()))
                    .toList())));
    double least = Recovery.seconds(from.stamp().at(), CausalOrder.earliest(to));
    return new Span(Math.max(0, least), seconds);
  }

  private static Sentence stuck(Cache cache, CachesChanged last) {
    return Sentence.of(
        "%s still knows %s of revision %d where etcd knows %s",
        cache.pod(), cache.workers(), cache.revision(), last.registered());
  }

  private static boolean agrees(Cache cache, CachesChanged change) {
    return Set.copyOf(cache.workers()).equals(Set.copyOf(change.registered()));
  }

  private static Set<String> sets(List<String> these, List<String> without) {
    var left = new TreeSet<>(these);
    left.removeAll(without);
    return left;
  }
}
