package dev.muster.verdict;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.util.List;
import java.util.Set;

/**
 * No client was given a wrong answer: tokens missing, doubled or foreign in a "complete" one. Of a
 * service that numbers no token nothing can be said, and that is told: the drill does not ask for
 * it. Where some answers are numbered and others not, those may be the wrong ones.
 */
final class StreamsCheck implements Check {

  @Override
  public String name() {
    return "streams";
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.LEDGER);
  }

  @Override
  public List<Finding> judge(History history) {
    var whole = history.ledger().stream().filter(Request::answered).toList();
    var unchecked = whole.stream().filter(r -> !Boolean.TRUE.equals(r.checked())).toList();
    var corrupt = history.ledger().stream().filter(r -> r.outcome() == Outcome.CORRUPT).toList();
    boolean numbered = history.ledger().stream().anyMatch(r -> Boolean.TRUE.equals(r.checked()));
    if (corrupt.isEmpty() && !numbered) {
      return whole.isEmpty() ? List.of() : List.of(unchecked(whole.size()));
    }
    long truncated =
        history.ledger().stream().filter(r -> r.outcome() == Outcome.TRUNCATED).count();
    var wrong =
        Sentence.of(
            "%d answers had missing, doubled or foreign tokens; %d ended early and are counted as"
                + " lost",
            corrupt.size(), truncated);
    return List.of(
        new Finding(
            name(),
            status(corrupt, unchecked),
            (double) corrupt.size(),
            0.0,
            "requests",
            unchecked.isEmpty()
                ? wrong
                : Sentence.list(
                    "; ",
                    List.of(
                        wrong,
                        Sentence.of(
                            "%d were no numbered tokens and could not be checked",
                            unchecked.size()))),
            corrupt.isEmpty()
                ? unchecked.stream().limit(20).map(r -> Sentence.of("request %s", r.id())).toList()
                : Evidence.failed(corrupt, 20)));
  }

  private Finding unchecked(int answers) {
    return new Finding(
        name(),
        Status.PASS,
        null,
        null,
        "",
        Sentence.of(
            "unchecked: the service does not number its tokens, and whether text is missing,"
                + " repeated, in another order or somebody else's was not checked in any of %d"
                + " answers",
            answers),
        List.of());
  }

  private static Status status(List<Request> corrupt, List<Request> unchecked) {
    if (!corrupt.isEmpty()) {
      return Status.FAIL;
    }
    return unchecked.isEmpty() ? Status.PASS : Status.INCONCLUSIVE;
  }
}
