package dev.muster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.Power;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class NodeRebootTest {
  private final Scene scene = new Scene();
  private final Switch power = new Switch();
  private final NodeReboot fault =
      new NodeReboot(
          "f",
          new ObjectRef.Node("n1", null),
          power,
          scene.effect,
          scene.clock,
          scene.pause,
          scene.timeline);

  @Test
  void isOffAndOnAgainAtOnceAndThenSeen() throws InterruptedException {
    assertThat(fault.inject()).isTrue();
    assertThat(power.done).containsExactly("off n1", "on n1");
    assertThat(scene.names())
        .containsExactly(
            "FaultArmed", "FaultInjected", "FaultReverting", "FaultReverted", "FaultVerified");
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
    power.looksUntilOn = 3;
    assertThat(fault.inject()).isTrue();
    assertThat(scene.notReverted()).isEmpty();
    assertThat(scene.names().getLast()).isEqualTo("FaultVerified");
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

  /** Like a command that is run: it fails if its thread is interrupted. */
  private static final class Switch implements Power {
    final List<String> done = new ArrayList<>();
    boolean on = true;
    boolean offFails;
    int onFailures;
    int looksUntilOn;

    @Override
    public void off(String node) {
      done.add("off " + node);
      on = false;
      if (offFails) {
        throw new PowerException("no answer");
      }
    }

    @Override
    public void on(String node) {
      if (Thread.currentThread().isInterrupted() || onFailures-- > 0) {
        throw new PowerException("no answer");
      }
      done.add("on " + node);
      on = true;
    }

    @Override
    public State state(String node) {
      if (looksUntilOn-- > 0) {
        return State.OFF;
      }
      return on ? State.ON : State.OFF;
    }

    @Override
    public String describe() {
      return "fake";
    }
  }
}
