package dev.muster.verdict.check.data;

import dev.muster.timeline.Event.EtcdChanged;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.recovery.Recovery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of the service's etcd during the run, as looks at it every few seconds saw it.
 *
 * @param leaders how often another member led than before
 * @param quorumLost seconds without a leader, all in all
 * @param members all that ever answered
 * @param lines each change, for evidence
 */
record EtcdCourse(
    int leaders, double quorumLost, Set<String> members, Set<String> silent, List<Sentence> lines) {

  static EtcdCourse of(History history) {
    var fault = Recovery.of(history).map(Recovery::fault);
    int leaders = 0;
    double lost = 0;
    @Nullable String leader = null;
    @Nullable Instant leaderless = null;
    var members = new LinkedHashSet<String>();
    Set<String> silent = Set.of();
    var lines = new ArrayList<Sentence>();
    for (var change : Recovery.events(history, EtcdChanged.class).toList()) {
      var at = change.stamp().at();
      members.addAll(change.answering());
      silent = Set.copyOf(change.silent());
      if (change.leader().isEmpty()) {
        leaderless = leaderless == null ? at : leaderless;
      } else {
        if (leaderless != null) {
          lost += Recovery.seconds(leaderless, at);
          leaderless = null;
        }
        leaders += leader != null && !leader.equals(change.leader()) ? 1 : 0;
        leader = change.leader();
      }
      lines.add(line(change, fault));
    }
    if (leaderless != null) {
      lost += Recovery.seconds(leaderless, history.timeline().getLast().stamp().at());
    }
    return new EtcdCourse(leaders, lost, members, silent, List.copyOf(lines));
  }

  boolean lostAtTheEnd(String member) {
    return silent.contains(member);
  }

  /** A sentence with what happened during the run, where something did and somebody looked. */
  Sentence added(Sentence what) {
    var changed =
        leaders == 1
            ? Sentence.of("the leader changed once")
            : Sentence.of("the leader changed %d times", leaders);
    var without = Sentence.of("no leader was seen for %.0f s", quorumLost);
    if (leaders > 0 && quorumLost > 0) {
      return Sentence.of("%s; during the run %s and %s", what, changed, without);
    }
    if (leaders == 0 && quorumLost == 0) {
      return what;
    }
    return Sentence.of("%s; during the run %s", what, leaders > 0 ? changed : without);
  }

  private static Sentence line(EtcdChanged change, Optional<Instant> fault) {
    var at = change.stamp().at();
    var when =
        fault
            .map(f -> Sentence.of("%.1f s", Recovery.seconds(f, at)))
            .orElseGet(() -> Sentence.quote(at.toString()));
    double uncertainty = change.stamp().uncertainty().toNanos() / 1e9;
    var leader =
        change.leader().isEmpty()
            ? Sentence.of("no leader")
            : Sentence.of("leader %s of term %d", change.leader(), change.term());
    var in = String.join(" ", change.answering());
    return change.silent().isEmpty()
        ? Sentence.of("%s (at most %.1f s earlier): %s, in: %s", when, uncertainty, leader, in)
        : Sentence.of(
            "%s (at most %.1f s earlier): %s, in: %s, silent: %s",
            when, uncertainty, leader, in, String.join(" ", change.silent()));
  }
}
