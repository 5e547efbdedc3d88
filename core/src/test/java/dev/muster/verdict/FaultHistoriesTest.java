package dev.muster.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Change;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.finding.Status;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Faults that were not what the drill asks for, or that are not over. */
class FaultHistoriesTest {

  /** Seen at its beginning and at its end, and by nobody in the 117 s between. */
  @Test
  void aFaultThatAStrangerMayHaveTakenAwayAndPutBackIsNotVerified() {
    var story = Story.healed().without(e -> e.stamp().at().equals(Story.at(60)));
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("faultVerified").why())
        .isEqualTo(
            "the effect of NodeShutdown on n1 was not seen for 117.0 of its 120.0 s: it may"
                + " have been away meanwhile");
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void oneThatWasTakenAwayAndPutBackIsNotVerifiedThoughItIsSeenAgain() {
    var story =
        Story.healed()
            .event(
                20,
                s -> new Event.EffectLost(s, "f1", "the lease is renewed", Duration.ofSeconds(9)))
            .event(30, s -> new Event.EffectSeen(s, "f1", Map.of("lease", "stopped")));
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void whatOnlyTheAgentSawOfItsOwnDeedIsNotVerified() {
    var story =
        Story.healed()
            .without(Event.FaultVerified.class)
            .event(1, s -> new Event.FaultVerified(agent(s), "f1", Map.of("chain", "dropped 47")));
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.INCONCLUSIVE);

    var told = Story.healed().without(Event.FaultVerified.class);
    told.event(1, s -> new Event.FaultVerified(s, "f1", Map.of("agent: dropped", "47 packets")));
    assertThat(told.finding("faultVerified").status()).isEqualTo(Status.INCONCLUSIVE);

    var held = Story.healed().without(Event.EffectSeen.class);
    for (double at : new double[] {20, 40, 60, 80, 100, 118}) {
      held.event(at, s -> new Event.EffectSeen(agent(s), "f1", Map.of("chain", "dropped")));
    }
    assertThat(held.finding("faultVerified").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aFaultThatWasUndoneMuchTooEarlyIsAnotherDrill() {
    var story = undoneAt(30);
    assertThat(story.finding("faultVerified").why())
        .isEqualTo("NodeShutdown of n1 lasted for 30.1 s, and the drill asks for 120 s");
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aFaultThatLastedMuchTooLongIsAnotherDrill() {
    var story = undoneAt(400);
    for (double at = 130; at < 400; at += 10) {
      story.event(at, s -> new Event.EffectSeen(s, "f1", Map.of("lease", "stopped")));
    }
    assertThat(story.finding("faultVerified").why())
        .isEqualTo("NodeShutdown of n1 lasted for 400.1 s, and the drill asks for 120 s");
  }

  /** It took 70 s to be rolled out, and was held for a minute after that. */
  @Test
  void whatTakesItsTimeLastsFromWhenItWasSeen() {
    assertThat(rolledOut(true).finding("faultVerified").status()).isEqualTo(Status.PASS);
    assertThat(rolledOut(false).finding("faultVerified").why())
        .isEqualTo(
            "the effect of Rollout on Deployment/llm/worker was not seen: 2 of 3 updated; pod w:"
                + " ImagePullBackOff");
  }

  private static Story rolledOut(boolean complete) {
    var worker = ObjectRef.Victim.parse("Deployment/llm/worker#9");
    var story = Story.healed().doing("{kind: Rollout, duration: 60s, ttl: 6m}");
    for (var type :
        java.util.List.of(
            Event.FaultArmed.class,
            Event.FaultInjected.class,
            Event.FaultVerified.class,
            Event.EffectSeen.class,
            Event.FaultReverting.class,
            Event.FaultReverted.class)) {
      story.without(type);
    }
    story.event(-0.2, s -> new Event.FaultArmed(s, "f1", "Rollout", worker, Story.FAULT, Map.of()));
    story.event(0, s -> new Event.FaultInjected(s, "f1", "Rollout", worker));
    if (complete) {
      story.event(70, s -> new Event.FaultVerified(s, "f1", Map.of("updated", "3")));
      for (double at = 76; at < 130; at += 6) {
        story.event(at, s -> new Event.EffectSeen(s, "f1", Map.of("updated", "3")));
      }
    } else {
      story.event(
          130, s -> new Event.FaultNotVerified(s, "f1", "2 of 3 updated; pod w: ImagePullBackOff"));
    }
    story.event(130, s -> new Event.FaultReverting(s, "f1", "duration is over"));
    return story.event(131, s -> new Event.FaultReverted(s, "f1", Map.of("label", "is gone")));
  }

  /** What was broken before an abort stays broken, though the abort undoes the fault. */
  @Test
  void anAbortThatUndoesTheFaultEarlyMakesNothingInvalid() {
    var story =
        undoneAt(30)
            .without(Event.EffectSeen.class)
            .event(26, s -> new Event.EffectSeen(s, "f1", Map.of("lease", "stopped")))
            .event(29, s -> new Event.RunAborted(s, "Ctrl-C"))
            .requests(0, 28, dev.muster.timeline.Outcome.CONNECTION_FAILED)
            .expecting("interruption: {max: 10s}");
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.PASS);
    assertThat(verdict(story)).isEqualTo(Status.FAIL);
  }

  private static Story undoneAt(double undo) {
    return Story.healed()
        .without(Event.FaultReverting.class)
        .without(Event.FaultReverted.class)
        .event(undo - 0.2, s -> new Event.EffectSeen(s, "f1", Map.of("lease", "stopped")))
        .event(undo, s -> new Event.FaultReverting(s, "f1", "duration is over"))
        .event(undo + 3, s -> new Event.FaultReverted(s, "f1", Map.of("power", "on")));
  }

  /** The hook says "on", and the node stays where it is. */
  @Test
  void anUndoAfterWhichTheNodeIsNotReadyIsNone() {
    var story = Story.healed().without(Milestone.NODE_READY);
    assertThat(story.finding("faultReverted").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("faultReverted").why())
        .isEqualTo("the fault was told to be undone, and n1 was not seen Ready again");
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void anUndoAfterWhichTheEffectIsSeenIsNone() {
    var story =
        Story.healed().event(130, s -> new Event.EffectSeen(s, "f1", Map.of("lease", "stopped")));
    assertThat(story.finding("faultReverted").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aNodeThatRebootedInsteadOfBeingCutOffWasNotCutOff() {
    var story = Story.healed();
    story
        .without(Event.FaultInjected.class)
        .event(-0.1, s -> new Event.FaultInjected(s, "f1", "NodeNetwork", node("n1")))
        .event(40, s -> change(s, "node/n1", Change.REBOOTED));
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("faultVerified").why()).contains("so was that it rebooted");
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
  }

  /** An autoscaler deletes the silent node and makes one of the same name. */
  @Test
  void aVictimThatSomebodyDeletedMeanwhileProvesNothing() {
    var story = Story.healed().event(70, s -> change(s, "node/n1#other", Change.GONE));
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void onlyOneOfTwoVictimsThatFeltItIsNotEnough() {
    var story =
        Story.healed()
            .event(1, s -> new Event.FaultInjected(s, "f2", "NodeShutdown", node("n2")))
            .event(60, s -> new Event.FaultReverted(s, "f2", Map.of("power", "on")));
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
    story.event(5, s -> new Event.FaultNotVerified(s, "f2", "its lease is renewed"));
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
  }

  /** The lease of another node stopped; the victim's own did not. */
  @Test
  void aFaultThatTookEffectOnAnotherNodePinsNothingOnTheService() {
    var story =
        Story.healed()
            .without(Event.FaultVerified.class)
            .without(Event.EffectSeen.class)
            .without(Milestone.NODE_NOT_READY)
            .event(1, s -> new Event.FaultNotVerified(s, "f1", "its lease is renewed"))
            .event(50, s -> change(s, "node/n2", Change.NOT_READY));
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aRecoveryThatDidNotEndWellIsNoPass() {
    var story =
        Story.healed()
            .without(Event.PhaseEnded.class)
            .event(140, s -> new Event.PhaseEnded(s, "recover", "not recovered within 300 s"))
            .expecting("availability: {min: 90%}");
    assertThat(story.finding("run").why())
        .isEqualTo("recover did not end well: not recovered within 300 s");
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void anUndoThatBeganBeforeTheFaultIsOutOfOrder() {
    var story = Story.healed().without(Event.FaultReverting.class);
    story.event(-10, s -> new Event.FaultReverting(s, "f1", "duration is over"));
    assertThat(story.finding("order").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  private static Stamp agent(Stamp stamp) {
    return Stamp.seen(stamp.at(), "agent", Duration.ZERO);
  }

  private static ObjectRef.Node node(String name) {
    return new ObjectRef.Node(name, null);
  }

  private static Event change(Stamp stamp, String object, Change change) {
    return new Event.OutsideChange(stamp, ObjectRef.parse(object), change, Map.of());
  }

  private static Status verdict(Story story) {
    return Verdict.of(story.history()).status();
  }
}
