package dev.muster.verdict.check.clients;

import dev.muster.timeline.Request;
import dev.muster.timeline.RetryId;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What users have in the end, whose SDK asks again: the last attempt of each counts. Those of whom
 * only the generator tells are none.
 *
 * @param served have their answer
 * @param lost have none: the last attempt was lost, or could not reach the service
 * @param retries attempts after the first, of all
 */
public record Users(long users, long served, long lost, long retries) {

  /** Empty where users ask once. */
  public static Optional<Users> of(History history) {
    var load = history.drill().load();
    return load == null || load.retries() == 0
        ? Optional.empty()
        : Optional.of(of(last(history).values(), history.retries().size()));
  }

  /** Beside the figures of first attempts. */
  public Sentence sentence() {
    return Sentence.of(
        "with %d retries %d of %d users had their answer, %d lost it; lost, refused and unreachable"
            + " requests are theirs, all other figures those of first attempts",
        retries, served, users, lost);
  }

  /**
   * The last attempt of the user of each of these first ones, in the same order: itself where it
   * was the only one.
   */
  public static List<Request> have(History history, List<Request> first) {
    var last = last(history);
    return first.stream().map(row -> last.getOrDefault(row.id(), row)).toList();
  }

  private static Map<String, Request> last(History history) {
    Map<String, Request> last = new HashMap<>();
    history.ledger().forEach(row -> last.put(row.id(), row));
    history
        .retries()
        .forEach(row ->
            RetryId.of(row.id()).ifPresent(id -> last.merge(id.request(), row, Users::later)));
    return last;
  }

  private static Request later(Request one, Request other) {
    return number(one) > number(other) ? one : other;
  }

  private static int number(Request row) {
    return RetryId.of(row.id()).map(RetryId::number).orElse(0);
  }

  private static Users of(Collection<Request> last, int retries) {
    var told = last.stream().filter(row -> !row.ofGenerator()).toList();
    return new Users(
        told.size(),
        told.stream().filter(Request::answered).count(),
        told.stream().filter(row -> row.lost() || row.unreachable()).count(),
        retries);
  }
}
