package dev.muster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.timeline.Event;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a fault through an agent is injected and verified, and what is told where it is not. */
@Timeout(20)
class AgentCarrierTest extends AgentCarrierWorld {
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
    Course close = of(scene, agent, DURATION.plusSeconds(1));
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
    Course silent = of(other, new FakeAgent(other), TTL);
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
  void nothingIsInjectedUntilTheAgentSaysSoOrSomebodySawIt() throws InterruptedException {
    agent.says(0, "injecting", "inMillis", "1000");
    scene.visible = false;
    assertThat(fault.inject()).isFalse();
    assertThat(scene.names()).containsExactly("FaultArmed", "FaultNotVerified");

    Scene other = new Scene();
    Course seen = of(other, new FakeAgent(other).says(0, "injecting", "inMillis", "1000"), TTL);
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

  @Test
  void nothingIsDoneThatCouldNotBeAnnounced() {
    scene.writable = _ -> false;
    assertThatThrownBy(fault::inject).hasMessage("disk full");
    assertThat(agent.started).isEqualTo(java.time.Instant.MAX);
  }

  @Test
  void anUndoThatCameFirstIsNotFollowedByTheDeed() throws InterruptedException {
    assertThat(fault.revert("early")).isTrue();
    assertThat(fault.inject()).isFalse();
    assertThat(agent.started).isEqualTo(java.time.Instant.MAX);
    assertThat(scene.doubts()).containsExactly("reverted before it was injected");
  }
}
