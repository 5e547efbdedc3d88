package dev.muster.verdict.check.data;

import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.timeline.Event.EtcdChanged;
import dev.muster.timeline.Event.FaultInjected;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.coverage.Observations;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Need;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import dev.muster.verdict.recovery.Settings;
import dev.muster.verdict.recovery.Zones;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The service's etcd kept a majority of its members. Whoever expects its data to be consistent
 * expects that it can be written: without a majority nothing can. A change of the leader is no loss
 * of quorum, and members that were on no victim may only have been out of the looker's reach. So
 * may a majority that was cut off together with its zone.
 */
public final class QuorumCheck implements Check {
  /** A look every few seconds that a busy cluster answered late says nothing. */
  private static final double UNSEEN_SECONDS = 10;

  /** Members that see one another elect a leader in a second or two. */
  private static final double ELECTION_SECONDS = 15;

  @Override
  public String name() {
    return "quorum";
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.LOOKS);
  }

  @Override
  public List<Finding> judge(History history) {
    var looks = Recovery.events(history, EtcdChanged.class).toList();
    var recovery = Recovery.of(history);
    if (looks.isEmpty() || recovery.isEmpty() || !EtcdCheck.EQUAL.isIn(history.drill())) {
      return List.of();
    }
    return List.of(judge(history, recovery.get(), looks));
  }

  private Finding judge(History history, Recovery recovery, List<EtcdChanged> looks) {
    double lost = 0;
    double unseen = 0;
    double leaderless = 0;
    var lines = new ArrayList<Sentence>();
    for (int i = 0; i < looks.size(); i++) {
      var look = looks.get(i);
      int members = look.answering().size() + look.silent().size();
      var to = i + 1 < looks.size() ? looks.get(i + 1).stamp().at() : end(history);
      boolean majority = majority(look.answering().size(), members);
      if ((majority && !look.leader().isEmpty()) || !to.isAfter(recovery.fault())) {
        continue;
      }
      double from = Math.max(0, recovery.since(look.stamp().at()));
      double seconds = recovery.since(to) - from;
      if (majority) {
        leaderless = Math.max(leaderless, seconds);
        continue;
      }
      long taken = look.silent().stream().filter(m -> onVictim(recovery, m)).count();
      if (majority(members - taken, members) || together(recovery, look, members)) {
        unseen += seconds;
      } else {
        lost += seconds;
      }
      lines.add(
          Sentence.of(
              "from %.1f s to %.1f s after the fault no majority, in: %s, silent: %s",
              from,
              recovery.since(to),
              String.join(" ", look.answering()),
              String.join(" ", look.silent())));
    }
    if (lost > 0) {
      return finding(Status.FAIL, lost, lost(recovery, lost, looks), lines);
    }
    if (leaderless > ELECTION_SECONDS) {
      return finding(
          Status.FAIL,
          leaderless,
          Sentence.of(
              "the members of etcd had no leader for %.1f s, though most of them answered",
              leaderless),
          lines);
    }
    var not = Observations.whyNotObserved(history, Observations.ETCD);
    if (unseen > UNSEEN_SECONDS || not.isPresent()) {
      return finding(
          Status.INCONCLUSIVE,
          lost,
          not.map(Sentence::quote)
              .orElse(Sentence.of("most members of etcd did not answer for %.1f s", unseen)),
          lines);
    }
    return finding(Status.PASS, lost, Sentence.of("etcd kept a majority of its members"), lines);
  }

  private Finding finding(Status status, double lost, Sentence why, List<Sentence> lines) {
    return new Finding(name(), status, lost, 0.0, "s", why, lines);
  }

  private static boolean majority(long some, long all) {
    return 2 * some > all;
  }

  private static Sentence lost(Recovery recovery, double seconds, List<EtcdChanged> looks) {
    var members =
        looks.stream()
            .flatMap(l -> Stream.concat(l.answering().stream(), l.silent().stream()))
            .distinct()
            .toList();
    var there = members.stream().filter(m -> onVictim(recovery, m)).sorted().toList();
    return Sentence.of(
        "etcd had no quorum for %.1f s: %d of its %d members were on %s (%s)",
        seconds,
        there.size(),
        members.size(),
        Sentence.names(", ", recovery.victims().stream().map(ObjectRef::name).toList()),
        Sentence.names(", ", there));
  }

  private static boolean onVictim(Recovery recovery, String member) {
    return !taking(recovery, member).isEmpty();
  }

  /** Events name the members by their pods, which are in the target's namespace. */
  private static List<FaultInjected> taking(Recovery recovery, String member) {
    var pod = new ObjectRef.Pod(recovery.history().drill().target().namespace(), member, null);
    var settings = new Settings(recovery.history());
    var nodes =
        Stream.concat(settings.placed("pod").stream(), settings.placed("targetPod").stream())
            .filter(p -> p.pod().is(pod))
            .map(Settings.Placed::node)
            .toList();
    return Recovery.events(recovery.history(), FaultInjected.class)
        .filter(e -> parts(recovery.history(), e.kind()))
        .filter(e -> pod.is(e.victim()) || nodes.stream().anyMatch(e.victim()::is))
        .toList();
  }

  /** Whether members that were cut off with their zone are a majority there, for whoever is in. */
  private static boolean together(Recovery recovery, EtcdChanged look, int members) {
    var zones = new Zones(recovery.history());
    var inZones =
        look.silent().stream()
            .map(member -> taking(recovery, member))
            .filter(faults -> !faults.isEmpty())
            .filter(
                faults -> faults.stream().allMatch(f -> sparesZone(recovery.history(), f.kind())))
            .collect(
                Collectors.groupingBy(
                    faults -> zones.of(faults.getFirst().victim()).orElse(""),
                    Collectors.counting()));
    return inZones.values().stream().anyMatch(there -> majority(there, members));
  }

  /** As far as is known: the drill may have several faults of one kind. */
  private static boolean sparesZone(History history, String kind) {
    return Recovery.meant(history, kind).stream().anyMatch(k -> k.is(Trait.SPARES_ZONE));
  }

  /**
   * Whether a fault of this kind takes members from one another. One that only hides a node from
   * the control plane hides its members from whoever looks, and from nobody else.
   */
  private static boolean parts(History history, String kind) {
    var meant = Recovery.meant(history, kind);
    return meant.isEmpty() || !meant.stream().allMatch(k -> k.is(Trait.SPARES_PEERS));
  }

  private static Instant end(History history) {
    return history.timeline().getLast().stamp().at();
  }
}
