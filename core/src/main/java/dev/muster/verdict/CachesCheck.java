package dev.muster.verdict;

import dev.muster.timeline.Event.CachesChanged;
import dev.muster.timeline.Event.CachesChanged.Cache;
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
final class CachesCheck implements Check {

  @Override
  public String name() {
    return "caches";
  }

  @Override
  public List<Finding> judge(History history) {
    var within = history.drill().expect().cachesWithin();
    if (within == null) {
      return List.of();
    }
    var changes = Recovery.events(history, CachesChanged.class).toList();
    return List.of(
        changes.isEmpty()
            ? Told.nothing(
                history,
                name(),
                Told.CACHES,
                Sentence.of("no gateway was asked which workers it knows"))
            : judge(history, changes, within));
  }

  private Finding judge(History history, List<CachesChanged> changes, Duration within) {
    var last = changes.getLast();
    var end = history.timeline().getLast().stamp().at();
    var wrong = new ArrayList<Sentence>();
    var evidence = new ArrayList<Sentence>();
    double worst = slowest(changes, end, evidence);
    double bound = within.toMillis() / 1e3;
    if (worst > bound) {
      wrong.add(Sentence.of("a gateway did not agree with etcd for %.1f s", worst));
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
    Told.not(history, Told.CACHES).map(Sentence::quote).ifPresent(unsure::add);
    if (last.caches().isEmpty()) {
      unsure.add(Sentence.of("there is no gateway to ask"));
    }
    if (Told.early(history)) {
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

  /**
   * The longest time in which some gateway knew other workers than etcd, looks' distance included.
   */
  private static double slowest(List<CachesChanged> changes, Instant end, List<Sentence> evidence) {
    double worst = 0;
    @Nullable CachesChanged apart = null;
    for (var change : changes) {
      boolean agree = change.caches().stream().allMatch(c -> c.why() != null || agrees(c, change));
      if (!agree && apart == null) {
        apart = change;
      } else if (agree && apart != null) {
        worst = Math.max(worst, apart(apart, change.stamp().at(), evidence));
        apart = null;
      }
    }
    return apart == null ? worst : Math.max(worst, apart(apart, end, evidence));
  }

  private static double apart(CachesChanged from, Instant to, List<Sentence> evidence) {
    var begin = from.stamp().at().minus(from.stamp().uncertainty());
    double seconds = Recovery.seconds(begin, to);
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
    return seconds;
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
