package dev.muster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.wire.DeedSpec;
import dev.muster.wire.InjectionSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AgentFaultTest {
  private static final Duration DURATION = Duration.ofSeconds(60);
  private static final Duration TTL = Duration.ofMinutes(3);

  private final Scene scene = new Scene();
  private final FakeAgent agent = new FakeAgent(scene);
  private final AgentFault fault =
      new AgentFault(
          spec(TTL),
          "NodeNetwork",
          new ObjectRef.Node("n1", null),
          "n1",
          agent,
          scene.effect,
          scene.fresh,
          scene.time,
          scene.timeline);

  @Test
  void isArmedBeforeThePodStartsAndVerifiedByWhoeverLooks() throws InterruptedException {
    agent.works(60);
    scene.writable =
        event -> {
          if (event instanceof Event.FaultArmed) {
            assertThat(agent.started).isEqualTo(java.time.Instant.MAX);
          }
          return true;
        };
    assertThat(fault.inject()).isTrue();
    pass(DURATION);
    assertThat(fault.revert("duration is over")).isTrue();

    assertThat(scene.names())
        .containsExactly(
            "FaultArmed", "FaultInjected", "FaultVerified", "FaultReverting", "FaultReverted");
    assertThat(scene.only(Event.FaultArmed.class).getFirst().ttl())
        .isEqualTo(Scene.BEGIN.plus(TTL));
    assertThat(scene.only(Event.FaultVerified.class).getFirst().evidence())
        .containsEntry("onlooker", "saw it")
        .containsEntry("agent: chain", "is hooked");
    assertThat(agent.arguments)
        .containsExactly(
            "inject",
            "spec={\"run\":\"r\",\"fault\":\"f\",\"id\":\"0a\",\"duration\":\"PT1M\",\"ttl\":\"PT3M\","
                + "\"deed\":{\"kind\":\"DnsFailure\",\"address\":\"10.0.0.1\"}}");
    assertThat(scene.only(Event.AgentSaid.class)).hasSize(6);
  }

  @Test
  void theInjectionIsDatedAfterItsAnnouncementByTheAgent() throws InterruptedException {
    agent.works(60);
    fault.inject();
    Event.FaultInjected injected = scene.only(Event.FaultInjected.class).getFirst();
    // announced after 0.1 s and heard 0.3 s later at most, one second ahead, less the log's delay
    assertThat(Duration.between(Scene.BEGIN, injected.stamp().at()))
        .isBetween(Duration.ofMillis(200), Duration.ofMillis(1400));
    assertThat(scene.only(Event.FaultVerified.class).getFirst().stamp().at())
        .isAfterOrEqualTo(injected.stamp().at());
  }

  @Test
  void whatThePodTakesToStartIsTheArming() throws InterruptedException {
    agent.says(30_000, "armed").says(31_000, "injecting", "inMillis", "1000");
    agent.says(32_000, "injected").says(33_000, "verified");
    assertThat(fault.arming()).isZero();
    fault.inject();
    assertThat(fault.arming()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(32));
  }

  /** Else the undo at ttl would look like somebody who takes the fault away. */
  @Test
  void aFaultWhoseTtlLeavesNoRoomEndsBeforeIt() throws InterruptedException {
    AgentFault close =
        new AgentFault(
            spec(DURATION.plusSeconds(1)),
            "NodeNetwork",
            new ObjectRef.Node("n1", null),
            "n1",
            agent,
            scene.effect,
            scene.fresh,
            scene.time,
            scene.timeline);
    agent.says(10_000, "armed").says(11_000, "injecting").says(12_000, "verified");
    close.inject();
    assertThat(close.arming()).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(10));
  }

  @Test
  void whatNobodyElseSawIsNotVerifiedWhateverTheAgentSays() throws InterruptedException {
    agent.works(60);
    scene.visible = false;
    assertThat(fault.inject()).isFalse();
    assertThat(scene.doubts()).containsExactly("nothing was seen");
    assertThat(scene.names()).doesNotContain("FaultVerified");
  }

  @Test
  void anOnlookerThatIsHitItselfSawNothing() throws InterruptedException {
    agent.works(60);
    scene.writable =
        event -> {
          scene.blind |= event instanceof Event.FaultArmed;
          return true;
        };
    assertThat(fault.inject()).isFalse();
    assertThat(scene.doubts()).containsExactly("the effect could not be looked for: no API server");
    assertThat(fault.revert("no effect")).isTrue();
  }

  @Test
  void theAgentsDenialOutweighsWhatOthersSaw() throws InterruptedException {
    agent.says(0, "armed").says(100, "injecting").says(200, "not-verified", "why", "not hooked");
    assertThat(fault.inject()).isFalse();
    assertThat(scene.doubts()).containsExactly("not hooked");
    assertThat(scene.names()).doesNotContain("FaultVerified");
  }

  /** A busy API server: the announcement and the denial are heard at once. */
  @Test
  void aDenialThatIsHeardTogetherWithTheAnnouncementIsNotLost() throws InterruptedException {
    agent.says(0, "injecting").says(0, "injected").says(0, "not-verified", "why", "exit code 127");
    assertThat(fault.inject()).isFalse();
    assertThat(scene.names()).containsExactly("FaultArmed", "FaultInjected", "FaultNotVerified");
    assertThat(scene.doubts()).containsExactly("exit code 127");
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

  @Test
  void aRefusalIsToldInTheAgentsWordsAndNotAsAnExitCode() throws InterruptedException {
    agent.says(0, "refused", "why", "no netem").trouble = "the agent ended with exit code 3";
    assertThat(fault.inject()).isFalse();
    assertThat(scene.doubts()).containsExactly("no netem");
    assertThat(scene.names()).doesNotContain("FaultInjected");
  }

  @Test
  void aMissingImageIsToldAtOnceAndItsPodIsRemoved() throws InterruptedException {
    agent.trouble = "the agent's image a:1: ErrImagePull not found";
    assertThat(fault.inject()).isFalse();
    assertThat(scene.doubts()).containsExactly("the agent's image a:1: ErrImagePull not found");
    assertThat(scene.elapsed()).isLessThan(Duration.ofSeconds(2));
    assertThat(fault.revert("no effect")).isTrue();
    assertThat(agent.deletions).isEqualTo(1);
  }

  @Test
  void aPodThatIsRefusedOrNeverStartsInjectsNothing() throws InterruptedException {
    agent.refusal = "forbidden";
    assertThat(fault.inject()).isFalse();
    assertThat(scene.doubts()).containsExactly("the agent's pod was refused: forbidden");

    Scene other = new Scene();
    AgentFault silent = of(other, new FakeAgent(other));
    assertThat(silent.inject()).isFalse();
    assertThat(other.doubts())
        .containsExactly("the agent did not begin within 60 s; nothing new for 60 s");
  }

  /** On an emulated machine. */
  @Test
  void aPodThatItsKubeletMakesIsWaitedFor() throws InterruptedException {
    agent.says(100_000, "injecting").says(101_000, "verified").underway = true;
    assertThat(fault.inject()).isTrue();
  }

  @Test
  void anObjectionMeansThatNothingIsDone() throws InterruptedException {
    scene.objection = "the node is silent already";
    assertThat(fault.inject()).isFalse();
    assertThat(scene.names()).containsExactly("FaultNotVerified");
    assertThat(scene.doubts()).containsExactly("not injected: the node is silent already");
    assertThat(agent.started).isEqualTo(java.time.Instant.MAX);
    assertThat(fault.revert("over")).isTrue();
    assertThat(agent.deletions).isZero();
  }

  @Test
  void whereNobodyCanLookBeforehandNothingIsDone() throws InterruptedException {
    scene.blind = true;
    assertThat(fault.inject()).isFalse();
    assertThat(scene.doubts()).singleElement().asString().contains("no API server");
    assertThat(agent.started).isEqualTo(java.time.Instant.MAX);
  }

  @Test
  void anEarlyEndDeletesThePod() throws InterruptedException {
    agent.works(60);
    fault.inject();
    assertThat(fault.revert("Ctrl-C")).isTrue();
    assertThat(agent.deletions).isEqualTo(1);
    assertThat(scene.only(Event.FaultReverted.class).getFirst().evidence())
        .containsKey("pod")
        .containsEntry("onlooker", "sees it gone");
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

  /** History 13: agent and undo killed, and the chain is still hooked. */
  @Test
  void anAgentThatIsGoneHasUndoneNothingUntilSomebodySawThat() throws InterruptedException {
    agent.works(60);
    fault.inject();
    scene.stays = true;
    scene.left = List.of("chain iptables-nft MUSTER-F-f on n1");
    assertThat(fault.revert("Ctrl-C")).isFalse();
    assertThat(scene.notReverted())
        .singleElement()
        .asString()
        .contains("gone without a last word")
        .contains("left on n1: chain iptables-nft MUSTER-F-f")
        .contains("the effect is still seen");

    scene.left = List.of();
    scene.freshTrouble = "node n1 is not Ready";
    assertThat(fault.revert("once more")).isFalse();
    assertThat(scene.revertUnseen().getLast()).contains("nobody could look on n1 afterwards");

    scene.freshTrouble = "";
    assertThat(fault.revert("once more")).isTrue();
    assertThat(scene.only(Event.FaultReverted.class).getFirst().evidence())
        .containsEntry("fresh agent", "found nothing of it on n1");
  }

  @Test
  void anAgentThatSaysThatItUndidIsNotBelievedEither() throws InterruptedException {
    agent.works(60).saysWhenDeleted("reverted", "at", "2026-01-01T00:00:09Z");
    fault.inject();
    scene.stays = true;
    scene.left = List.of("folder /var/lib/muster/r.f on n1");
    assertThat(fault.revert("Ctrl-C")).isFalse();
    assertThat(scene.notReverted()).singleElement().asString().contains("left on n1: folder");
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

  @Test
  void nothingIsInjectedUntilTheAgentSaysSoOrSomebodySawIt() throws InterruptedException {
    agent.says(0, "injecting", "inMillis", "1000");
    scene.visible = false;
    assertThat(fault.inject()).isFalse();
    assertThat(scene.names()).containsExactly("FaultArmed", "FaultNotVerified");

    Scene other = new Scene();
    AgentFault seen = of(other, new FakeAgent(other).says(0, "injecting", "inMillis", "1000"));
    assertThat(seen.inject()).isTrue();
    assertThat(other.names()).containsExactly("FaultArmed", "FaultInjected", "FaultVerified");
  }

  @Test
  void howLongTheDeedTookIsTheUncertaintyOfItsTime() throws InterruptedException {
    agent.says(0, "injecting", "at", "2030-01-01T00:00:00Z");
    agent.says(0, "injected", "at", "2030-01-01T00:00:03Z");
    fault.inject();
    Event.FaultInjected injected = scene.only(Event.FaultInjected.class).getFirst();
    assertThat(injected.stamp().uncertainty()).isEqualTo(Duration.ofMillis(3800));
    assertThat(injected.stamp().at()).isBefore(Scene.BEGIN.plusSeconds(1));
  }

  private java.time.Instant injected() {
    return scene.only(Event.FaultInjected.class).getFirst().stamp().at();
  }

  @Test
  void anEarlyEndIsBelievedWhenTheAgentSaysItsLastWord() throws InterruptedException {
    agent.works(60).saysWhenDeleted("reverted", "at", "2026-01-01T00:00:09Z");
    fault.inject();
    assertThat(fault.revert("Ctrl-C")).isTrue();
    assertThat(scene.only(Event.FaultReverted.class).getFirst().evidence())
        .containsEntry("agent", "undone and looked after at 2026-01-01T00:00:09Z");
  }

  @Test
  void aNaturalEndIsTheAgentsOwn() throws InterruptedException {
    agent.works(60);
    fault.inject();
    pass(DURATION.minusSeconds(2));
    assertThat(fault.revert("duration is over")).isTrue();
    assertThat(agent.deletions).isZero();
    assertThat(scene.only(Event.FaultReverted.class).getFirst().evidence()).containsKey("agent");
  }

  @Test
  void anAgentThatDiedWithoutItsLastWordIsDeleted() throws InterruptedException {
    agent.says(0, "injecting").says(1000, "verified");
    fault.inject();
    pass(DURATION);
    agent.trouble = "the agent ended with exit code 137";
    assertThat(fault.revert("duration is over")).isTrue();
    assertThat(agent.deletions).isEqualTo(1);
  }

  @Test
  void aNodeOutOfReachIsWaitedForUntilAfterItsTtl() throws InterruptedException {
    agent.works(60);
    fault.inject();
    agent.reachable = false;
    assertThat(fault.revert("Ctrl-C")).isFalse();
    assertThat(scene.revertUnseen()).singleElement().asString().contains("until after its ttl");
    assertThat(scene.elapsed()).isBetween(TTL, TTL.plusSeconds(70));

    agent.reachable = true;
    assertThat(fault.revert("once more")).isTrue();
    assertThat(scene.names().getLast()).isEqualTo("FaultReverted");
  }

  /** The agent may have begun although its announcement never came through. */
  @Test
  void anUnheardAgentIsWaitedForUntilAfterItsTtlToo() throws InterruptedException {
    agent.works(60);
    agent.reachable = false;
    assertThat(fault.inject()).isFalse();
    Duration asked = scene.elapsed();
    assertThat(fault.revert("no effect")).isFalse();
    assertThat(scene.elapsed().minus(asked)).isGreaterThan(TTL);
  }

  @Test
  void anUndoThatFailedIsToldWithItsReason() throws InterruptedException {
    agent.works(60).saysWhenDeleted("not-reverted", "why", "chain is busy");
    fault.inject();
    assertThat(fault.revert("Ctrl-C")).isFalse();
    assertThat(scene.notReverted()).containsExactly("chain is busy");
    assertThat(scene.names()).doesNotContain("FaultReverted");
  }

  @Test
  void nothingIsDoneThatCouldNotBeAnnounced() {
    scene.writable = _ -> false;
    assertThatThrownBy(fault::inject).hasMessage("disk full");
    assertThat(agent.started).isEqualTo(java.time.Instant.MAX);
  }

  @Test
  void aDiskThatIsFullSinceThenDoesNotKeepTheFault() {
    agent.works(60);
    scene.writable = event -> event instanceof Event.FaultArmed;
    assertThatThrownBy(fault::inject).hasMessage("disk full");
    assertThat(fault.revert("disk full")).isTrue();
    assertThat(agent.deletions).isEqualTo(1);
  }

  @Test
  void isUndoneOnceHoweverOftenItIsAsked() throws InterruptedException {
    agent.works(60);
    fault.inject();
    assertThat(fault.revert("first")).isTrue();
    assertThat(fault.revert("second")).isTrue();
    assertThat(agent.deletions).isEqualTo(1);
    assertThat(scene.only(Event.FaultReverted.class)).hasSize(1);
  }

  @Test
  void anUndoThatCameFirstIsNotFollowedByTheDeed() throws InterruptedException {
    assertThat(fault.revert("early")).isTrue();
    assertThat(fault.inject()).isFalse();
    assertThat(agent.started).isEqualTo(java.time.Instant.MAX);
    assertThat(scene.doubts()).containsExactly("reverted before it was injected");
  }

  @Test
  void anInterruptDuringTheUndoIsToldAndThePodDeletedAllTheSame() throws InterruptedException {
    agent.works(60);
    fault.inject();
    agent.goesWhenDeleted = false;
    scene.interrupting = true;
    assertThat(fault.revert("Ctrl-C")).isFalse();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(agent.deletions).isEqualTo(1);
    assertThat(scene.revertUnseen()).singleElement().asString().contains("interrupted");
  }

  @Test
  void anInterruptBeforeTheUndoDoesNotKeepTheFault() throws InterruptedException {
    agent.works(60);
    fault.inject();
    Thread.currentThread().interrupt();
    assertThat(fault.revert("Ctrl-C")).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aLogThatCanNotBeReadDoesNotKeepThePod() throws InterruptedException {
    agent.works(60);
    fault.inject();
    agent.broken = true;
    assertThat(fault.revert("Ctrl-C")).isFalse();
    assertThat(agent.deletions).isEqualTo(1);
    assertThat(scene.revertUnseen()).singleElement().asString().contains("no log");
  }

  private static AgentFault of(Scene scene, FakeAgent agent) {
    return new AgentFault(
        spec(TTL),
        "CpuStress",
        new ObjectRef.Node("n1", null),
        "n1",
        agent,
        scene.effect,
        scene.fresh,
        scene.time,
        scene.timeline);
  }

  private static InjectionSpec spec(Duration ttl) {
    return new InjectionSpec("r", "f", "0a", DURATION, ttl, new DeedSpec.DnsFailure("10.0.0.1"));
  }

  private void pass(Duration time) {
    scene.now = scene.now.plus(time);
  }
}
