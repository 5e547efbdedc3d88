package dev.muster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.timeline.Event;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ApiCarrierTest {
  private static final Duration TTL = Duration.ofMinutes(2);

  private final Scene scene = new Scene();
  private final FakeDeed deed = new FakeDeed();
  private final Course fault = Course.throughApi(scene.recorder, TTL, deed, scene.effect);

  @Test
  void isAnnouncedWithItsUndoThenDoneThenSeenThenUndone() throws InterruptedException {
    scene.writable =
        event -> {
          if (event instanceof Event.FaultArmed || event instanceof Event.FaultInjected) {
            assertThat(deed.applied).isFalse();
          }
          return true;
        };
    assertThat(fault.inject()).isTrue();
    assertThat(deed.applied).isTrue();
    assertThat(fault.revert("duration is over")).isTrue();
    assertThat(deed.applied).isFalse();
    assertThat(scene.names())
        .containsExactly(
            "FaultArmed", "FaultInjected", "FaultVerified", "FaultReverting", "FaultReverted");
    assertThat(scene.only(Event.FaultArmed.class).getFirst().undo()).isEqualTo(deed.identity());
    assertThat(scene.only(Event.FaultArmed.class).getFirst().ttl())
        .isEqualTo(Scene.BEGIN.plus(TTL));
  }

  @Test
  void aPolicyThatIsGoneHasEndedNothingUntilTheProbePasses() throws InterruptedException {
    fault.inject();
    scene.stays = true;
    assertThat(fault.revert("over")).isFalse();
    assertThat(scene.notReverted())
        .containsExactly("{name=muster-1} is gone, but the effect is still seen {onlooker=saw it}");
    scene.stays = false;
    assertThat(fault.revert("once more")).isTrue();
    assertThat(scene.only(Event.FaultReverted.class).getFirst().evidence())
        .containsEntry("name", "muster-1")
        .containsEntry("onlooker", "sees it gone");
  }

  @Test
  void aPolicyThatAStrangerDeletesIsLost() throws InterruptedException {
    fault.inject();
    scene.hold(fault, Duration.ofSeconds(4));
    scene.taken = scene.now;
    scene.hold(fault, Duration.ofSeconds(8));
    assertThat(scene.losses()).hasSize(1);
  }

  @Test
  void aPodThatIsDeletedHasNothingToUndoAtTheLatest() throws InterruptedException {
    scene.lasts = false;
    Course kill = Course.throughApi(scene.recorder, null, deed, scene.effect);
    assertThat(kill.inject()).isTrue();
    assertThat(kill.revert("over")).isTrue();
    assertThat(scene.only(Event.FaultArmed.class).getFirst().ttl()).isNull();
  }

  @Test
  void whatNobodySawIsNotVerified() throws InterruptedException {
    scene.visible = false;
    assertThat(fault.inject()).isFalse();
    assertThat(scene.doubts()).containsExactly("nothing was seen");
  }

  @Test
  void anObjectionMeansThatNothingIsDone() throws InterruptedException {
    scene.objection = "the pod is not reached already";
    assertThat(fault.inject()).isFalse();
    assertThat(scene.names()).containsExactly("FaultNotVerified");
    assertThat(deed.applied).isFalse();
    assertThat(fault.revert("over")).isTrue();
  }

  @Test
  void aRefusalOfTheClusterIsToldAndItsFirstHalfUndone() throws InterruptedException {
    deed.refusal = "403";
    assertThat(fault.inject()).isFalse();
    assertThat(scene.doubts()).containsExactly("the cluster refused: 403");
    assertThat(deed.applied).as("half of it was made").isTrue();
    assertThat(fault.revert("no effect")).isTrue();
    assertThat(deed.applied).isFalse();
  }

  @Test
  void anUndoThatFailsForAMomentIsTriedAgain() throws InterruptedException {
    fault.inject();
    deed.undoFailures = 3;
    assertThat(fault.revert("over")).isTrue();
    assertThat(deed.applied).isFalse();
    assertThat(scene.notReverted()).isEmpty();
  }

  @Test
  void anUndoThatNeverSucceedsIsToldAndMayBeTriedLater() throws InterruptedException {
    fault.inject();
    deed.undoFailures = Integer.MAX_VALUE;
    assertThat(fault.revert("over")).isFalse();
    assertThat(scene.notReverted()).containsExactly("409");
    deed.undoFailures = 0;
    assertThat(fault.revert("once more")).isTrue();
    assertThat(scene.names().getLast()).isEqualTo("FaultReverted");
  }

  @Test
  void whatIsStillThereIsNamed() throws InterruptedException {
    fault.inject();
    deed.stays = true;
    assertThat(fault.revert("over")).isFalse();
    assertThat(scene.notReverted()).containsExactly("still there: {name=muster-1}");
    assertThat(scene.elapsed()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void whatCameLateAfterItsEndWasSeenIsToldAndUndoneNextTime() throws InterruptedException {
    fault.inject();
    deed.late = true;
    assertThat(fault.revert("over")).isFalse();
    assertThat(scene.notReverted()).containsExactly("there again: {name=muster-1}");
    assertThat(fault.revert("once more")).isTrue();
    assertThat(deed.applied).isFalse();
  }

  @Test
  void aPageThatCannotBeAskedOnceMoreLeavesItUnseen() throws InterruptedException {
    fault.inject();
    deed.mute = true;
    assertThat(fault.revert("over")).isFalse();
    assertThat(scene.only(Event.FaultRevertUnseen.class)).hasSize(1);
    assertThat(scene.only(Event.FaultReverted.class)).isEmpty();
  }

  @Test
  void timeInWhichItIsLookedAtBeforeIsNotTheFaults() throws InterruptedException {
    scene.before = Duration.ofSeconds(12);
    fault.inject();
    assertThat(fault.arming()).isEqualTo(Duration.ofSeconds(12));
  }

  @Test
  void nothingIsDoneThatCouldNotBeAnnounced() {
    for (Class<?> last : new Class<?>[] {Event.FaultArmed.class, Event.FaultInjected.class}) {
      scene.writable = event -> !last.isInstance(event);
      assertThatThrownBy(fault::inject).hasMessage("disk full");
      assertThat(deed.applied).isFalse();
    }
  }

  @Test
  void aDiskThatIsFullSinceThenDoesNotKeepTheFault() {
    scene.writable =
        event -> event instanceof Event.FaultArmed || event instanceof Event.FaultInjected;
    assertThatThrownBy(fault::inject).hasMessage("disk full");
    assertThat(deed.applied).isTrue();
    Thread.currentThread().interrupt();
    assertThat(fault.revert("disk full")).isTrue();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(deed.applied).isFalse();
  }

  @Test
  void isUndoneOnceHoweverOftenItIsAsked() throws InterruptedException {
    fault.inject();
    assertThat(fault.revert("first")).isTrue();
    assertThat(fault.revert("second")).isTrue();
    assertThat(deed.undos).isEqualTo(1);
    assertThat(scene.only(Event.FaultReverted.class)).hasSize(1);
  }

  @Test
  void anUndoThatCameFirstIsNotFollowedByTheDeed() throws InterruptedException {
    assertThat(fault.revert("early")).isTrue();
    assertThat(fault.inject()).isFalse();
    assertThat(deed.applied).isFalse();
  }
}
