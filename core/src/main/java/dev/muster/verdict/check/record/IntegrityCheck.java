package dev.muster.verdict.check.record;

import dev.muster.timeline.file.Integrity;
import dev.muster.timeline.file.Integrity.Damage;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import java.util.List;

/**
 * The files of the run are those that were written. What was changed later proves nothing, to
 * either side.
 */
public final class IntegrityCheck implements Check {
  private static final int MOST = 50;

  @Override
  public String name() {
    return "integrity";
  }

  @Override
  public Subject subject() {
    return Subject.VALIDITY;
  }

  @Override
  public List<Finding> judge(History history) {
    var integrity = history.integrity();
    return integrity == null ? List.of() : List.of(judge(history, integrity));
  }

  private Finding judge(History history, Integrity integrity) {
    var damage = integrity.damage();
    if (!damage.isEmpty()) {
      return finding(
          Status.INCONCLUSIVE,
          Sentence.of(
              "changed since they were written: %s; nothing can be judged by them",
              Sentence.names(", ", damage.stream().map(Damage::file).distinct().toList())),
          damage.stream().limit(MOST).map(IntegrityCheck::line).toList());
    }
    if (integrity.sealed() && integrity.unchained() >= history.timeline().size()) {
      return finding(
          Status.INCONCLUSIVE,
          Sentence.of(
              "the run's end seals its files and no line of the timeline is sealed: what wrote it"
                  + " was no Muster"),
          List.of());
    }
    if (integrity.sealed() && integrity.unchained() == 0) {
      return finding(
          Status.PASS, Sentence.of("the files of the run are as they were written"), List.of());
    }
    return finding(
        Status.PASS,
        integrity.sealed()
            ? Sentence.of(
                "warning: the first %d lines of the timeline are not sealed: an earlier version of"
                    + " Muster wrote them",
                integrity.unchained())
            : Sentence.of(
                "warning: the run is not sealed: an earlier version of Muster wrote it, or it did"
                    + " not end, and nothing shows whether its files were changed"),
        List.of());
  }

  private Finding finding(Status status, Sentence why, List<Sentence> lines) {
    return new Finding(name(), status, null, null, "", why, lines);
  }

  private static Sentence line(Damage damage) {
    var where = damage.line() == 0 ? damage.file() : damage.file() + ":" + damage.line();
    return switch (damage.kind()) {
      case CHANGED ->
          damage.line() == 0
              ? Sentence.of("%s is not as it was when the run ended", where)
              : Sentence.of(
                  "%s does not follow the line before it: one of them was changed, added or taken"
                      + " away",
                  where);
      case MISSING -> Sentence.of("%s was there when the run ended and is gone", where);
      case ADDED -> Sentence.of("%s was not there when the run ended", where);
      case UNREADABLE -> Sentence.of("%s can not be read", where);
    };
  }
}
