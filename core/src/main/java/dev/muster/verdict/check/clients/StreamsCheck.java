package dev.muster.verdict.check.clients;

import dev.muster.timeline.Outcome;
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
 * No client was given a wrong answer: tokens missing, doubled or foreign in a "complete" one. Of a
 * service that numbers no token nothing can be said, and that is told: the drill does not ask for
 * it. Where some answers are numbered and others not, those may be the wrong ones. Answers that
 * have no tokens are not its business: their own rule has looked at what is in them.
 */
public final class StreamsCheck implements Check {

  /** So many answers before the fault tell how long they usually are. */
  private static final int USUAL = 10;

  /** Of answers of a few words half is no sign. */
  private static final int LONG = 10;

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
    if (history.ledger().stream().anyMatch(Request::hasNoTokens)) {
      return List.of(); // one API is asked in a run
    }
    return judged(history).stream().map(f -> unlessThin(history, f)).toList();
  }

  /** Whole answers that are much less than what the service gave before are no proof of a pass. */
  private static Finding unlessThin(History history, Finding finding) {
    var thin = Recovery.of(history).map(StreamsCheck::thin).orElse(List.of());
    if (thin.isEmpty() || finding.status() != Status.PASS) {
      return finding;
    }
    return new Finding(
        finding.check(),
        Status.INCONCLUSIVE,
        finding.measured(),
        finding.bound(),
        finding.unit(),
        Sentence.of(
            "%s; but %d answers were no more than half as long as the shortest before the fault, or"
                + " nothing but reasoning",
            finding.sentence(), thin.size()),
        thin.stream().limit(20).map(r -> Sentence.of("request %s", r.id())).toList());
  }

  /** One in a hundred may be short by chance, and few answers before tell nothing of the usual. */
  private static List<Request> thin(Recovery recovery) {
    var before = recovery.baseline().stream().filter(Request::answered).toList();
    if (before.size() < USUAL) {
      return List.of();
    }
    int least = before.stream().mapToInt(Request::tokens).min().orElse(0);
    boolean answers = before.stream().allMatch(r -> r.firstAnswerToken() != null);
    var whole = recovery.requests().stream().filter(Request::answered).toList();
    var thin =
        whole.stream()
            .filter(r ->
                (least >= LONG && 2 * r.tokens() <= least)
                    || (answers && r.firstAnswerToken() == null))
            .toList();
    return 100 * thin.size() > whole.size() ? thin : List.of();
  }

  private List<Finding> judged(History history) {
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
