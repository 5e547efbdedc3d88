package dev.muster.deepseek.api.fleet;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which of several workers gets a request: the one that owes the fewest tokens for its weight, or,
 * where a long prompt may be in somebody's cache, the first by rendezvous hashing of its beginning
 * that would not have more than 1.25 times its share of all load. That is consistent hashing with
 * bounded loads (Mirrokni, Thorup, Zadimoghaddam, 2016, arXiv 1608.01350); HAProxy's documentation
 * calls factors from 1.25 to 2 reasonable.
 */
final class Choice {
  private static final double BALANCE = 1.25;

  private Choice() {}

  /**
   * A worker that has room.
   *
   * @param load tokens that it owes
   * @param weight its share, 1 where it is warm
   */
  record Candidate(Member worker, long load, double weight) {
    double after(Demand demand) {
      return (load + demand.cost()) / weight;
    }

    /** A number that this worker and this prefix always have together. */
    long rank(long prefix) {
      var x = prefix * 0x9E3779B97F4A7C15L + worker.pod().hashCode();
      x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
      x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
      return x ^ (x >>> 31);
    }
  }

  static Optional<Member> of(List<Candidate> candidates, Demand demand) {
    return affine(candidates, demand)
        .or(() ->
            candidates.stream()
                .min(
                    Comparator.<Candidate>comparingDouble(c -> c.after(demand))
                        .thenComparingInt(c -> c.worker().inFlight())
                        .thenComparingLong(c -> c.worker().lastTurn())))
        .map(Candidate::worker);
  }

  private static Optional<Candidate> affine(List<Candidate> candidates, Demand demand) {
    if (demand.prefix() == 0) {
      return Optional.empty();
    }
    var load = candidates.stream().mapToLong(Candidate::load).sum() + demand.cost();
    var weight = candidates.stream().mapToDouble(Candidate::weight).sum();
    return candidates.stream()
        .filter(c ->
            c.load() + demand.cost()
                <= Math.max((double) demand.cost(), BALANCE * load * c.weight() / weight))
        .max(Comparator.comparingLong(c -> c.rank(demand.prefix())));
  }
}
