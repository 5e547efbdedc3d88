package dev.muster.verdict;

import dev.muster.timeline.Event.EtcdChanged;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
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
    int leaders, double quorumLost, Set<String> members, Set<String> silent, List<String> lines) {

  static EtcdCourse of(History history) {
    var fault = Recovery.of(history).map(Recovery::fault);
    int leaders = 0;
    double lost = 0;
    @Nullable String leader = null;
    @Nullable Instant leaderless = null;
    var members = new LinkedHashSet<String>();
    Set<String> silent = Set.of();
    var lines = new ArrayList<String>();
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

  /** A sentence's end; empty where nothing happened, or nobody looked. */
  String summary() {
    var parts = new ArrayList<String>();
    if (leaders > 0) {
      parts.add("the leader changed " + (leaders == 1 ? "once" : leaders + " times"));
    }
    if (quorumLost > 0) {
      parts.add(String.format(Locale.ROOT, "no leader was seen for %.0f s", quorumLost));
    }
    return parts.isEmpty() ? "" : "; during the run " + String.join(" and ", parts);
  }

  private static String line(EtcdChanged change, Optional<Instant> fault) {
    var when =
        fault
            .map(
                f -> String.format(Locale.ROOT, "%.1f s", Recovery.seconds(f, change.stamp().at())))
            .orElseGet(() -> change.stamp().at().toString());
    return when
        + " (at most "
        + seconds(change.stamp().uncertainty())
        + " s earlier): "
        + (change.leader().isEmpty()
            ? "no leader"
            : "leader " + change.leader() + " of term " + change.term())
        + ", in: "
        + String.join(" ", change.answering())
        + (change.silent().isEmpty() ? "" : ", silent: " + String.join(" ", change.silent()));
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f", time.toNanos() / 1e9);
  }
}
