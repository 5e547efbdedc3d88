package dev.muster.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told of the effect while the fault is held: that it lasts, or that it is lost. */
@Timeout(20)
class AgentCarrierHeldTest extends AgentCarrierWorld {
  @Test
  void whatLastsIsToldEveryFewSecondsAndRightBeforeTheUndo() throws InterruptedException {
    agent.works(60);
    fault.inject();
    scene.hold(fault, Duration.ofSeconds(30));
    java.time.Instant end = scene.now;
    fault.revert("duration is over");
    assertThat(scene.losses()).isEmpty();
    assertThat(scene.only(Event.EffectSeen.class)).hasSizeBetween(4, 7);
    assertThat(scene.only(Event.EffectSeen.class).getLast().stamp().at())
        .isAfter(end.minusSeconds(3));
  }

  @Test
  void aLongFaultIsToldOfMoreSeldom() throws InterruptedException {
    agent.works(7200);
    fault.inject();
    scene.hold(fault, Duration.ofHours(2));
    assertThat(scene.only(Event.EffectSeen.class)).hasSizeBetween(50, 150);
  }

  @Test
  void aKillHasNothingToUndoAndNothingThatLasts() throws InterruptedException {
    agent.works(0);
    scene.lasts = false;
    fault.inject();
    assertThat(scene.only(Event.FaultArmed.class).getFirst().ttl()).isNull();
    scene.hold(fault, Duration.ofSeconds(10));
    assertThat(scene.only(Event.EffectSeen.class)).isEmpty();
    assertThat(fault.revert("duration is over")).isTrue();
  }

  /** History 2: a stranger takes it away after 4 of 12 s. */
  @Test
  void aFaultThatAStrangerTakesAwayIsLostWithItsTimeInEffect() throws InterruptedException {
    agent.works(60);
    fault.inject();
    scene.taken = injected().plusSeconds(4);
    scene.hold(fault, Duration.ofSeconds(11));
    fault.revert("duration is over");

    assertThat(scene.losses()).hasSize(1);
    assertThat(scene.losses().getFirst().why()).contains("onlooker=sees it gone");
    assertThat(scene.losses().getFirst().lasted())
        .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
    assertThat(scene.only(Event.EffectSeen.class)).hasSize(1);
    assertThat(scene.names().getLast()).isEqualTo("FaultReverted");
  }

  /** Whoever measures every 20 s is deceived for as long. */
  @Test
  void aLookThatIsDeceivedForAMomentLosesNothing() throws InterruptedException {
    agent.works(600);
    scene.patience = Duration.ofSeconds(30);
    fault.inject();
    scene.hold(fault, Duration.ofSeconds(10));
    scene.taken = scene.now;
    scene.hold(fault, Duration.ofSeconds(20));
    scene.taken = java.time.Instant.MAX;
    scene.hold(fault, Duration.ofSeconds(20));
    assertThat(scene.losses()).isEmpty();
    scene.taken = scene.now;
    scene.hold(fault, Duration.ofSeconds(40));
    assertThat(scene.losses()).hasSize(1);
  }

  @Test
  void whoeverSeesNothingLosesNothingAndHasNotSeenItEither() throws InterruptedException {
    agent.works(60);
    fault.inject();
    scene.visible = false;
    scene.hold(fault, Duration.ofSeconds(10));
    scene.blind = true;
    scene.hold(fault, Duration.ofSeconds(10));
    assertThat(scene.losses()).isEmpty();
    assertThat(scene.only(Event.EffectSeen.class)).isEmpty();
  }

  @Test
  void theAgentTellsOnItsNodeThatTheEffectIsLost() throws InterruptedException {
    agent.works(60).says(9000, "lost", "why", "stress-ng ended with exit code 137");
    fault.inject();
    scene.hold(fault, Duration.ofSeconds(20));
    assertThat(scene.losses()).singleElement().asString().contains("stress-ng ended");
  }

  /** As of a node that is cut off: its agent's words come when the fault is over. */
  @Test
  void whatTheAgentSawIsToldAlsoWhereItIsHeardAfterTheUndo() throws InterruptedException {
    agent.works(60).says(9000, "lost", "seenMillis", "4000");
    fault.inject();
    agent.reachable = false;
    scene.hold(fault, Duration.ofSeconds(20));
    assertThat(scene.losses()).isEmpty();
    agent.reachable = true;
    assertThat(fault.revert("duration is over")).isTrue();
    assertThat(scene.losses().getFirst().lasted()).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void anAgentThatSomebodyElseToldToEndHasLostItsFault() throws InterruptedException {
    agent.says(0, "injecting").says(10, "injected").says(100, "verified");
    agent.says(5000, "reverting", "why", "told to");
    fault.inject();
    scene.hold(fault, Duration.ofSeconds(10));
    assertThat(scene.losses()).singleElement().asString().contains("by somebody else");
  }

  @Test
  void anAgentThatEndsByItsOwnClockHasLostNothing() throws InterruptedException {
    agent.says(0, "injecting").says(10, "injected").says(100, "verified");
    agent.says(5000, "reverting", "why", "duration is over").says(6000, "reverted");
    fault.inject();
    scene.taken = Scene.BEGIN.plusSeconds(6);
    scene.hold(fault, Duration.ofSeconds(10));
    assertThat(fault.revert("duration is over")).isTrue();
    assertThat(scene.losses()).isEmpty();
  }

  @Test
  void ourOwnWordToEndIsNoStrangersAlsoWhereItIsGivenTwice() throws InterruptedException {
    agent.says(0, "injecting").says(10, "injected").says(100, "verified");
    fault.inject();
    agent.saysWhenDeleted("reverting", "why", "told to");
    assertThat(fault.revert("Ctrl-C")).isFalse();
    assertThat(fault.revert("once more")).isFalse();
    assertThat(scene.losses()).isEmpty();
  }

  @Test
  void aFaultThatEndedBeforeItsTimeIsNotVerifiedInTheEnd() throws InterruptedException {
    agent.says(0, "injecting").says(1000, "verified");
    agent.says(60_000, "not-verified", "why", "stress-ng ended with exit code 2");
    agent.says(61_000, "reverted");
    assertThat(fault.inject()).isTrue();
    pass(DURATION);
    assertThat(fault.revert("duration is over")).isTrue();
    assertThat(scene.doubts()).containsExactly("stress-ng ended with exit code 2");
  }

  private java.time.Instant injected() {
    return scene.only(Event.FaultInjected.class).getFirst().stamp().at();
  }
}
