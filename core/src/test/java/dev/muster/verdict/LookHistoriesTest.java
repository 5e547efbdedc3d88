package dev.muster.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Event.EtcdHashed;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.file.Integrity;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Observers that were away just when it mattered, or looked too early. */
class LookHistoriesTest {
  private static final List<String> ALL = List.of("e-0", "e-1", "e-2");

  @Test
  void aQuorumThatNobodyLookedAtIsNotKept() {
    assertThat(etcd().finding("quorum").status()).isEqualTo(Status.PASS);
    var paused =
        etcd()
            .withoutLoad()
            .expecting("consistency: {etcd: equal}")
            .event(31, s -> new Event.EnginePaused(s, Story.at(1), Duration.ofSeconds(30)));
    assertThat(paused.finding("quorum").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(paused.finding("quorum").why())
        .endsWith("but nobody looked at etcd from 1.0 s to 31.0 s after the fault");
    var away =
        etcd()
            .event(2, s -> new Event.ObservationLost(s, "etcd", "no route"))
            .event(40, s -> new Event.ObservationResumed(s, "etcd"));
    assertThat(away.finding("quorum").status()).isEqualTo(Status.INCONCLUSIVE);
    var gone = etcd().event(2, s -> new Event.ObservationLost(s, "etcd", "no route"));
    assertThat(gone.finding("quorum").status()).isEqualTo(Status.INCONCLUSIVE);
    var late =
        etcd()
            .event(
                60,
                s ->
                    new Event.EtcdChanged(
                        Stamp.seen(s.at(), "etcd", Duration.ofSeconds(55)),
                        "e-2",
                        3,
                        ALL,
                        List.of()));
    assertThat(late.finding("quorum").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  /** The members are there and do not see one another. */
  @Test
  void membersThatAnswerWithoutALeaderHaveNoQuorum() {
    var parted =
        etcd()
            .event(3, s -> new Event.EtcdChanged(s, "", 2, ALL, List.of()))
            .event(60, s -> new Event.EtcdChanged(s, "e-2", 3, ALL, List.of()));
    assertThat(parted.finding("quorum").status()).isEqualTo(Status.FAIL);
    assertThat(parted.finding("quorum").measured()).isEqualTo(57);
  }

  @Test
  void hashesFromBeforeTheUndoTellNothingOfTheEnd() {
    var early = etcd().without(EtcdHashed.class).event(-5, s -> hashed(s, "7"));
    assertThat(early.finding("etcd").status()).isEqualTo(Status.INCONCLUSIVE);
    var unasked = etcd().event(155, s -> new Event.NotObserved(s, "etcd", "connection refused"));
    assertThat(unasked.finding("etcd").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(unasked.finding("etcd").why()).isEqualTo("connection refused");
  }

  @Test
  void aDatabaseThatWasAskedBeforeTheFaultOnlyTellsNothing() {
    var story =
        Story.healed()
            .expecting("sql: [{url: 'jdbc:x:db', query: select 1, equals: 1}]")
            .event(-5, s -> new Event.SqlAnswered(s, "jdbc:x:db", "select 1", "1"));
    assertThat(story.finding("sql").status()).isEqualTo(Status.INCONCLUSIVE);
    story.event(150, s -> new Event.SqlAnswered(s, "jdbc:x:db", "select 1", "1"));
    assertThat(story.finding("sql").status()).isEqualTo(Status.PASS);
    story.event(155, s -> new Event.NotObserved(s, "jdbc:x:db", "gone"));
    assertThat(story.finding("sql").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void whoLookedForLeftoversBeforeTheUndoSawNothing() {
    var story =
        Story.healed()
            .without(Event.ResidueAudited.class)
            .event(100, s -> new Event.ResidueAudited(s, List.of(), List.of()));
    assertThat(story.finding("residue").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  /** No loss of the watch is in the timeline, and its stamp says how old it may be. */
  @Test
  void whatIsToldWithAnUncertainStampMayHaveBeenInTime() {
    var story =
        Story.healed()
            .expecting("replacedPods: {within: 90s}")
            .without(Milestone.REPLACEMENT_READY)
            .event(
                93.5,
                s ->
                    new Event.MilestoneReached(
                        Stamp.seen(s.at(), "api-server", Duration.ofSeconds(20)),
                        Milestone.REPLACEMENT_READY,
                        ObjectRef.parse("pod/llm/worker-c"),
                        Map.of()));
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("replacedPods").why())
        .endsWith("but it was not watched before, and may have been as early as 73.5 s");
    story.expecting("replacedPods: {within: 70s}");
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.FAIL);
  }

  /** An agent that had 5 s for its deed may have done it 5 s after its stamp. */
  @Test
  void aFaultThatMayHaveBegunLaterMakesNothingLate() {
    var story =
        Story.healed()
            .without(Milestone.POWER_OFF)
            .without(Event.FaultInjected.class)
            .event(
                -0.1,
                s ->
                    new Event.FaultInjected(
                        Stamp.seen(s.at(), "agent", Duration.ofSeconds(5)),
                        "f1",
                        "NodeNetwork",
                        new ObjectRef.Node("n1", null)))
            .expecting("detected: {within: 46s}\nreplacedPods: {within: 90s}");
    assertThat(story.finding("detected").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.INCONCLUSIVE);
    story.expecting("detected: {within: 44s}\nreplacedPods: {within: 85s}");
    assertThat(story.finding("detected").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.FAIL);
  }

  /** Muster stood still while the node was NotReady, and nobody saw it. */
  @Test
  void whatCameAndWentInMustersOwnPauseIsNotMissing() {
    var story =
        Story.healed()
            .withoutLoad()
            .expecting("detected: {within: 60s}")
            .without(Milestone.NODE_NOT_READY)
            .event(110, s -> new Event.EnginePaused(s, Story.at(40), Duration.ofSeconds(70)));
    assertThat(story.finding("detected").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  /** The power is told to be off 40 s after it was seen to be: then NotReady is early by 40 s. */
  @Test
  void aPowerCutThatIsToldAfterItsEffectIsOutOfOrder() {
    var story = Story.healed().without(Milestone.POWER_OFF);
    story.reached(40, Milestone.POWER_OFF, "node/n1");
    assertThat(story.finding("order").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  /** The watch was told lost at 95 s, and had told nothing since 60 s. */
  @Test
  void aGapBeginsWhenTheWatchWasLastAlive() {
    var story =
        Story.healed()
            .expecting("replacedPods: {within: 90s}")
            .event(
                92,
                s ->
                    new Event.ObservationLost(
                        Stamp.seen(s.at(), "engine", Duration.ofSeconds(30)),
                        "watch of Pod",
                        "cut"))
            .event(93, s -> new Event.ObservationResumed(s, "watch of Pod"));
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aSealInATimelineWithoutAChainIsOfNoMuster() {
    var h = Story.healed().history();
    var verdict =
        Verdict.of(
            new History(
                h.drill(),
                h.timeline(),
                h.ledger(),
                h.traces(),
                new Integrity(h.timeline().size(), true, List.of())));
    assertThat(verdict.status()).isEqualTo(Status.INCONCLUSIVE);
  }

  /** The kubelet is stopped, or its node hidden from the control plane: members live on unseen. */
  @Test
  void membersThatOnlyTheLookerLostAreNoLostQuorum() {
    var hidden =
        etcd()
            .setting("pod", "n1", "Pod/llm/e-1")
            .without(Event.FaultInjected.class)
            .event(
                -0.1,
                s ->
                    new Event.FaultInjected(s, "f1", "KubeletStop", new ObjectRef.Node("n1", null)))
            .event(3, s -> new Event.EtcdChanged(s, "", 2, List.of("e-2"), List.of("e-0", "e-1")))
            .event(60, s -> new Event.EtcdChanged(s, "e-2", 3, ALL, List.of()));
    assertThat(hidden.finding("quorum").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  /** Two looks 40 s apart: the gateway may have been behind for a moment only. */
  @Test
  void aDisagreementBetweenTwoLooksIsAsShortAndAsLongAsTheyAllow() {
    var story =
        Story.healed()
            .expecting("caches: {agreeWithin: 30s}")
            .event(-20, s -> caches(s, Duration.ZERO, "w-1"))
            .event(60, s -> caches(s, Duration.ofSeconds(2), "w-2"))
            .event(101, s -> caches(s, Duration.ofSeconds(9), "w-1"));
    assertThat(story.finding("caches").status()).isEqualTo(Status.FAIL);
    story.without(e -> e.stamp().at().equals(Story.at(101)));
    story.event(93, s -> caches(s, Duration.ofSeconds(9), "w-1"));
    assertThat(story.finding("caches").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("caches").why())
        .isEqualTo("a gateway did not agree with etcd for at least 24.0 s and at most 35.0 s");
  }

  private static Event caches(Stamp stamp, Duration uncertainty, String known) {
    return new Event.CachesChanged(
        Stamp.seen(stamp.at(), "caches", uncertainty),
        List.of("w-1"),
        List.of("w-1"),
        List.of(new Event.CachesChanged.Cache("g-1", List.of(known), 4, null)));
  }

  @Test
  void aVictimWhereNobodyLookedForLeftoversIsNotClean() {
    var story =
        Story.healed()
            .without(Event.ResidueAudited.class)
            .event(
                160,
                s -> new Event.ResidueAudited(s, List.of(), List.of(), List.of("n1: cordoned")));
    assertThat(story.finding("residue").status()).isEqualTo(Status.INCONCLUSIVE);
    story.without(Event.ResidueAudited.class);
    story.event(
        160, s -> new Event.ResidueAudited(s, List.of(), List.of(), List.of("n10: tainted")));
    assertThat(story.finding("residue").status()).isEqualTo(Status.PASS);
  }

  private static Story etcd() {
    return Story.healed()
        .expecting("consistency: {etcd: equal}")
        .setting("pod", "n1", "Pod/llm/e-0")
        .setting("pod", "n2", "Pod/llm/e-1")
        .setting("pod", "n3", "Pod/llm/e-2")
        .event(-10, s -> new Event.EtcdChanged(s, "e-0", 2, ALL, List.of()))
        .event(150, s -> hashed(s, "7"));
  }

  private static Event hashed(Stamp stamp, String hash) {
    return new EtcdHashed(
        stamp, 42, ALL.stream().map(m -> new EtcdHashed.Member(m, hash, 9, 42, 50, null)).toList());
  }
}
