package dev.muster.verdict.check.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.verdict.Story;
import dev.muster.verdict.Verdict;
import dev.muster.verdict.finding.Status;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A fault is proven from its injection to the beginning of its undo. */
class FaultVerifiedCheckTest {

  @Test
  void aFaultThatWasSeenAgainAndAgainUntilItsUndoIsVerified() {
    var finding = Story.healed().finding("faultVerified");
    assertThat(finding.status()).isEqualTo(Status.PASS);
    assertThat(finding.why())
        .isEqualTo("the effect of NodeShutdown on n1 was seen until 1.9 s before its undo");
  }

  /** History 2: five faults were taken away by a stranger seconds after they took effect. */
  @Test
  void aFaultThatAStrangerTookAwayIsNotVerifiedAndItsTimeInEffectIsTold() {
    var story = held(12).event(1, Seen.of("f1"));
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.PASS);
    story.event(7, s -> new Event.EffectLost(s, "f1", "probe: reached", Duration.ofSeconds(4)));
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("faultVerified").why())
        .isEqualTo("DnsFailure of n1 did not last: in effect for 4.0 of 12.0 s (probe: reached)");
    assertThat(Verdict.of(story.history()).status()).isEqualTo(Status.INCONCLUSIVE);
  }

  /** The observer sees the end of an agent that was a moment ahead of the engine. */
  @Test
  void whatEndsByTheAgentsOwnClockAMomentBeforeTheEnginesWasNotTakenAway() {
    var story =
        held(12)
            .event(11.9, s -> new Event.EffectLost(s, "f1", "renewed", Duration.ofSeconds(11)))
            .event(12.1, reverting("duration is over"));
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.PASS);
    var told =
        held(12)
            .event(11.9, s -> new Event.EffectLost(s, "f1", "renewed", Duration.ofSeconds(11)))
            .event(12.1, reverting("told to"));
    assertThat(told.finding("faultVerified").status()).isEqualTo(Status.INCONCLUSIVE);
    var early =
        held(12)
            .event(9.5, s -> new Event.EffectLost(s, "f1", "renewed", Duration.ofSeconds(9)))
            .event(12.1, reverting("duration is over"));
    assertThat(early.finding("faultVerified").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  private static java.util.function.Function<dev.muster.timeline.Stamp, Event> reverting(
      String why) {
    return s -> new Event.AgentSaid(s, "f1", "n1", "reverting", Map.of("why", why));
  }

  @Test
  void nothingThatDidNotHappenIsProvenByAFaultThatDidNotLast() {
    var story =
        held(12)
            .event(7, s -> new Event.EffectLost(s, "f1", "reached", Duration.ofSeconds(4)))
            .expecting("detected: {within: 10s}");
    assertThat(story.finding("detected").why())
        .contains("the effect of the fault did not last (reached)");
  }

  /** As timelines of earlier versions are. */
  @Test
  void aFaultThatWasSeenOnceAndNotLookedAtAgainIsNotProven() {
    var story = Story.healed().without(Event.EffectSeen.class);
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("faultVerified").why())
        .isEqualTo(
            "the effect of NodeShutdown on n1 was seen and not looked at again in the 118.9 s until its undo");
  }

  @Test
  void aLastLookLongBeforeTheUndoProvesNothingOfTheEnd() {
    var story = Story.healed().without(e -> e instanceof Event.EffectSeen && late(e, 100));
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("faultVerified").why())
        .isEqualTo(
            "the effect of NodeShutdown on n1 was not seen in the last 59.9 s before its undo; more than 20.0 s prove nothing of its end");
    story.event(100, Seen.of("f1"));
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.PASS);
  }

  @Test
  void aLookAfterTheUndoBeganProvesNothing() {
    var story = Story.healed().without(Event.EffectSeen.class).event(119.95, Seen.of("f1"));
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aShortFaultThatWasSeenWithinFiveSecondsOfItsUndoNeedsNoSecondLook() {
    var story = held(6);
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.PASS);
  }

  /** Muster was killed: the fault lasted to nobody knows when. */
  @Test
  void whereNobodyBeganTheUndoTheEndOfTheTimelineCounts() {
    var story = Story.healed().without(Event.FaultReverting.class);
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aKillAndARebootHaveNothingThatLasts() {
    assertThat(Story.killed().finding("faultVerified").status()).isEqualTo(Status.PASS);
    var reboot =
        Story.healed()
            .without(Event.EffectSeen.class)
            .without(Event.FaultVerified.class)
            .without(Event.FaultReverting.class)
            .event(0.1, s -> new Event.FaultReverting(s, "f1", "a reboot"))
            .event(20, s -> new Event.FaultVerified(s, "f1", Map.of("boot id", "another")));
    assertThat(reboot.finding("faultVerified").status()).isEqualTo(Status.PASS);
  }

  private static boolean late(Event event, double seconds) {
    return event.stamp().at().isAfter(Story.at(seconds));
  }

  /** DNS of a node cut for so long, seen after a second. */
  private static Story held(double seconds) {
    var story = new Story();
    story.event(-30, s -> new Event.RunStarted(s, "r", "d", Map.of()));
    story.event(-20, s -> new Event.LoadStarted(s, 1, "constant 10/s"));
    var victim = new ObjectRef.Node("n1", null);
    story.event(-0.2, s -> new Event.FaultArmed(s, "f1", "DnsFailure", victim, s.at(), Map.of()));
    story.event(0, s -> new Event.FaultInjected(s, "f1", "DnsFailure", victim));
    story.event(1, s -> new Event.FaultVerified(s, "f1", Map.of("probe", "not resolved")));
    story.event(seconds - 1, Seen.of("f1"));
    story.event(seconds, s -> new Event.FaultReverting(s, "f1", "duration is over"));
    story.event(seconds + 1, s -> new Event.FaultReverted(s, "f1", Map.of("probe", "resolved")));
    story.event(40, s -> new Event.PhaseEnded(s, "recover", null));
    story.event(41, s -> new Event.ResidueAudited(s, java.util.List.of(), java.util.List.of()));
    story.event(42, s -> new Event.RunEnded(s));
    story.requests(-20, 39.9, Outcome.COMPLETE);
    return story;
  }

  private interface Seen extends java.util.function.Function<dev.muster.timeline.Stamp, Event> {
    static Seen of(String fault) {
      return s -> new Event.EffectSeen(s, fault, Map.of("probe", "not resolved"));
    }
  }
}
