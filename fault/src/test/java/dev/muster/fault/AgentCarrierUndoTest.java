package dev.muster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.timeline.Event;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the fault of an agent ends, and who is believed that it is undone. */
@Timeout(20)
class AgentCarrierUndoTest extends AgentCarrierWorld {
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
}
