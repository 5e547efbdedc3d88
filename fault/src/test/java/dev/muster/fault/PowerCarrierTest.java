package dev.muster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.timeline.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PowerCarrierTest {
  private static final Duration TTL = Duration.ofHours(1);

  private final Scene scene = new Scene();
  private final Switch power = new Switch();
  private final CountDownLatch ttl = new CountDownLatch(1);
  private final Sleeper pause =
      time -> {
        if (time.equals(TTL)) {
          ttl.await();
        } else {
          scene.pause.of(time);
        }
      };
  private final Course fault =
      Course.shutdown(
          new FaultEventRecorder(
              "f", "NodeShutdown", Scene.NODE, new HandTime(scene.clock, pause), scene.timeline),
          TTL,
          power,
          power);

  @Test
  void armsInjectsVerifiesHoldsAndReverts() throws InterruptedException {
    assertThat(fault.inject()).isTrue();
    scene.hold(fault, Duration.ofSeconds(20));
    Instant held = scene.now;
    assertThat(fault.revert("done")).isTrue();
    assertThat(fault.revert("again")).isTrue();
    assertThat(power.on).isTrue();
    assertThat(scene.names())
        .containsExactly(
            "FaultArmed", "FaultInjected", "FaultVerified", "FaultReverting", "FaultReverted");
    assertThat(scene.only(Event.FaultVerified.class).getFirst().evidence())
        .containsEntry("power", "OFF")
        .containsEntry("lease", "not renewed for 12 s");
    assertThat(scene.only(Event.EffectSeen.class).getLast().stamp().at()).isEqualTo(held);
    assertThat(scene.only(Event.FaultReverted.class).getFirst().evidence())
        .containsEntry("kubelet", "answers")
        .containsEntry("lease", "renewed")
        .containsEntry("power", "ON");
  }

  /** History 12: a hook that lies. */
  @Test
  void aPowerThatDoesNothingIsNotVerified() throws InterruptedException {
    power.offDoesNothing = true;
    assertThat(fault.inject()).isFalse();
    assertThat(scene.doubts()).containsExactly("its kubelet answers");
  }

  @Test
  void anOnThatDidNothingIsNotReverted() throws InterruptedException {
    fault.inject();
    power.onDoesNothing = true;
    assertThat(fault.revert("done")).isFalse();
    assertThat(scene.notReverted())
        .containsExactly(
            "n1 was switched on and did not come back within 600 s: the effect is still seen"
                + " {lease=not renewed}; the provider says OFF");
    power.onDoesNothing = false;
    assertThat(fault.revert("once more")).isTrue();
  }

  @Test
  void whatTheProviderSaysIsNoProofThatTheNodeIsBack() throws InterruptedException {
    fault.inject();
    power.blind = true;
    assertThat(fault.revert("done")).isFalse();
    assertThat(scene.revertUnseen())
        .containsExactly(
            "n1 was switched on and nobody could look for it within 600 s: no API server; the"
                + " provider says ON");
  }

  @Test
  void aNodeThatNeedsMinutesToStartIsWaitedFor() throws InterruptedException {
    fault.inject();
    power.looksUntilBack = 300;
    assertThat(fault.revert("done")).isTrue();
  }

  @Test
  void aProviderWhoseStateIsNotUnderstoodSwitchesNothingOff() throws InterruptedException {
    power.stateTrouble = "ends with the word 'banana'";
    assertThat(fault.inject()).isFalse();
    assertThat(scene.doubts()).containsExactly("not injected: ends with the word 'banana'");
    assertThat(power.done).isEmpty();
    assertThat(fault.revert("no effect")).isTrue();
    assertThat(power.done).isEmpty();
  }

  @Test
  void anUndoThatCameFirstIsNotFollowedByTheDeed() throws InterruptedException {
    assertThat(fault.revert("early")).isTrue();
    assertThat(fault.inject()).isFalse();
    assertThat(power.done).isEmpty();
    assertThat(scene.names()).containsExactly("FaultArmed", "FaultNotVerified");
  }

  @Test
  void aNodeThatIsOffAlreadyProvesNothing() throws InterruptedException {
    power.on = false;
    assertThat(fault.inject()).isFalse();
    assertThat(scene.doubts())
        .containsExactly("not injected: the provider says that n1 is off already");
  }

  @Test
  void aNodeThatAStrangerSwitchesOnIsLost() throws InterruptedException {
    fault.inject();
    scene.hold(fault, Duration.ofSeconds(4));
    power.on = true;
    scene.hold(fault, Duration.ofSeconds(4));
    assertThat(scene.losses()).singleElement().asString().contains("kubelet=answers");
  }

  @Test
  void aStateThatIsNotUnderstoodLaterIsToldAndKeepsNothingFromBeingSeen()
      throws InterruptedException {
    fault.inject();
    power.stateTrouble = "banana";
    assertThat(fault.revert("done")).isTrue();
    assertThat(scene.only(Event.FaultReverted.class).getFirst().evidence())
        .containsEntry("power", "banana");
  }

  @Test
  void nothingIsDoneThatCouldNotBeAnnounced() {
    scene.writable = _ -> false;
    assertThatThrownBy(fault::inject).hasMessage("disk full");
    assertThat(power.on).isTrue();
  }

  @Test
  void aFullDiskOrAnInterruptDoesNotKeepTheNodeOff() throws InterruptedException {
    fault.inject();
    scene.writable = _ -> false;
    Thread.currentThread().interrupt();
    assertThat(fault.revert("ctrl-c")).isTrue();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(power.on).isTrue();
  }

  @Test
  void triesAgainAtTtlWhereTheProviderRefuses() throws InterruptedException {
    power.onFailures = 3;
    fault.inject();
    ttl.countDown();
    org.awaitility.Awaitility.await().until(() -> power.on);
  }

  @Test
  void revertsByItselfAtTtl() throws InterruptedException {
    fault.inject();
    ttl.countDown();
    org.awaitility.Awaitility.await().until(() -> power.on);
  }
}
