package dev.muster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
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
          "f",
          "NodeNetwork",
          new ObjectRef.Node("n1", null),
          "n1",
          DURATION,
          TTL,
          List.of("inject"),
          agent,
          scene.effect,
          scene.clock,
          scene.pause,
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
    assertThat(agent.arguments).containsExactly("inject", "duration=60.0", "ttl=180.0");
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
          scene.blind |= event instanceof Event.FaultInjected;
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
    assertThat(other.doubts()).containsExactly("the agent did not begin within 90 s");
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
    assertThat(scene.only(Event.FaultReverted.class).getFirst().evidence()).containsKey("pod");
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
    assertThat(scene.notReverted()).singleElement().asString().contains("until after its ttl");
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
    assertThat(scene.notReverted()).singleElement().asString().contains("interrupted");
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
    assertThat(scene.notReverted()).singleElement().asString().contains("no log");
  }

  private static AgentFault of(Scene scene, FakeAgent agent) {
    return new AgentFault(
        "f",
        "CpuStress",
        new ObjectRef.Node("n1", null),
        "n1",
        DURATION,
        TTL,
        List.of(),
        agent,
        scene.effect,
        scene.clock,
        scene.pause,
        scene.timeline);
  }

  private void pass(Duration time) {
    scene.now = scene.now.plus(time);
  }
}
