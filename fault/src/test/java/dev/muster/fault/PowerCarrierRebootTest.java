package dev.muster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.timeline.Event;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PowerCarrierRebootTest {
  private final Scene scene = new Scene();
  private final Switch power = new Switch();
  private final Course fault = Course.reboot(scene.recorder, power, scene.effect, power);

  @Test
  void isOffAndOnAgainAtOnceAndThenSeen() throws InterruptedException {
    assertThat(fault.inject()).isTrue();
    assertThat(power.done).containsExactly("off n1", "on n1");
    assertThat(scene.names())
        .containsExactly(
            "FaultArmed", "FaultInjected", "FaultReverting", "FaultReverted", "FaultVerified");
    assertThat(scene.only(Event.FaultReverted.class).getFirst().evidence())
        .containsEntry("kubelet", "answers");
    assertThat(fault.revert("over")).isTrue();
    assertThat(power.done).hasSize(2);
  }

  @Test
  void aNodeThatNeverWentDownIsNotVerified() throws InterruptedException {
    scene.visible = false;
    assertThat(fault.inject()).isFalse();
    assertThat(scene.doubts()).containsExactly("nothing was seen");
    assertThat(scene.elapsed()).isGreaterThan(Duration.ofMinutes(2));
  }

  @Test
  void anUndoThatCameFirstIsNotFollowedByTheDeed() throws InterruptedException {
    assertThat(fault.revert("early")).isTrue();
    assertThat(fault.inject()).isFalse();
    assertThat(power.done).isEmpty();
  }

  @Test
  void anObjectionMeansThatTheNodeStaysOn() throws InterruptedException {
    scene.objection = "no pod runs there";
    assertThat(fault.inject()).isFalse();
    assertThat(power.done).isEmpty();
    assertThat(fault.revert("over")).isTrue();
    assertThat(power.done).isEmpty();
  }

  @Test
  void aPowerThatFailsHalfwayIsSwitchedOnByTheUndo() throws InterruptedException {
    power.offFails = true;
    assertThat(fault.inject()).isFalse();
    assertThat(scene.doubts()).containsExactly("no answer");
    assertThat(fault.revert("no effect")).isTrue();
    assertThat(power.on).isTrue();
  }

  @Test
  void anUndoThatFailsIsToldAndTriedAgain() throws InterruptedException {
    power.onFailures = 1;
    assertThat(fault.inject()).isFalse();
    assertThat(scene.notReverted()).containsExactly("no answer");
    assertThat(power.on).isFalse();
    assertThat(fault.revert("once more")).isTrue();
    assertThat(power.on).isTrue();
    assertThat(scene.names().getLast()).isEqualTo("FaultReverted");
  }

  @Test
  void aNodeThatNeedsAMomentIsWaitedFor() throws InterruptedException {
    power.looksUntilBack = 3;
    assertThat(fault.inject()).isTrue();
    assertThat(scene.notReverted()).isEmpty();
    assertThat(scene.names().getLast()).isEqualTo("FaultVerified");
  }

  /** History 12: what the provider says is not what the cluster shows. */
  @Test
  void aNodeThatDoesNotComeBackIsNotReverted() throws InterruptedException {
    power.onDoesNothing = true;
    assertThat(fault.inject()).isFalse();
    assertThat(scene.notReverted()).singleElement().asString().contains("did not come back");
  }

  @Test
  void anInterruptDoesNotKeepTheNodeOff() throws InterruptedException {
    power.onFailures = 1;
    fault.inject();
    Thread.currentThread().interrupt();
    assertThat(fault.revert("Ctrl-C")).isTrue();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(power.on).isTrue();
  }

  @Test
  void nothingIsDoneThatCouldNotBeAnnouncedAndAFullDiskKeepsNoNodeOff() {
    scene.writable = _ -> false;
    assertThatThrownBy(fault::inject).hasMessage("disk full");
    assertThat(power.done).isEmpty();

    scene.writable =
        event -> event instanceof Event.FaultArmed || event instanceof Event.FaultInjected;
    assertThatThrownBy(fault::inject).hasMessage("disk full"); // of what was seen
    assertThat(power.on).isTrue();
  }
}
