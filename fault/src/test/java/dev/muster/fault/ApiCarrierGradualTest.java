package dev.muster.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.time.Time;
import dev.muster.timeline.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What takes its time until it is done, and what others may keep from its end. */
@Timeout(20)
class ApiCarrierGradualTest {
  private static final Duration TTL = Duration.ofMinutes(2);

  private final Scene scene = new Scene();
  private final FakeDeed deed = new FakeDeed();
  private final Course fault = Course.throughApi(scene.recorder, TTL, deed, scene.effect);

  @Test
  void whatOneRequestDoesNotDoIsGoneOnWithUntilItIsSeen() throws InterruptedException {
    scene.visible = false;
    deed.proceeding = () -> scene.visible = ++deed.proceeded == 3;
    assertThat(fault.inject()).isTrue();
    assertThat(deed.proceeded).isEqualTo(3);
    scene.hold(fault, Duration.ofSeconds(4));
    fault.revert("over");
    assertThat(deed.proceeded).as("neither while it is held nor after it").isEqualTo(3);
  }

  @Test
  void whatItNeverGotToDoIsToldWithTheLastRefusal() throws InterruptedException {
    scene.visible = false;
    deed.proceeding =
        () -> {
          throw new IllegalStateException("429 of " + ++deed.proceeded);
        };
    assertThat(fault.inject()).isFalse();
    assertThat(deed.proceeded).isGreaterThan(100);
    assertThat(scene.doubts())
        .containsExactly("nothing was seen; the cluster refused: 429 of " + deed.proceeded);
    assertThat(scene.elapsed()).isBetween(deed.patience(), deed.patience().plusSeconds(1));
  }

  /** From its injection to the last look that saw it: what it took to be done is not in it. */
  @Test
  void whatTakesItsTimeLastsFromWhenItWasSeen() throws InterruptedException {
    scene.visible = false;
    deed.proceeding = () -> scene.visible = !scene.now.isBefore(Scene.BEGIN.plusSeconds(40));
    Course drain = drain();
    assertThat(drain.inject()).isTrue();
    assertThat(drain.arming()).isEqualTo(scene.elapsed()).isGreaterThan(Duration.ofSeconds(39));
    scene.hold(drain, Duration.ofSeconds(4));
    scene.taken = scene.now;
    scene.hold(drain, Duration.ofSeconds(8));
    assertThat(scene.only(Event.EffectLost.class))
        .singleElement()
        .satisfies(e -> assertThat(e.lasted()).isLessThan(Duration.ofSeconds(10)));
  }

  @Test
  void whatOthersKeptFromItsEndIsToldOfThem() throws InterruptedException {
    scene.visible = false;
    scene.remaining = Map.of("pod/s/w", "no disruption is allowed");
    Course drain = drain();
    assertThat(drain.inject()).isFalse();
    assertThat(scene.doubts()).isEmpty();
    assertThat(scene.only(Event.FaultUnfinished.class))
        .singleElement()
        .satisfies(e -> assertThat(e.left()).isEqualTo(scene.remaining));
    assertThat(drain.revert("not done")).isTrue();
  }

  @Test
  void whatCouldNotEvenBeAskedForIsNotToldOfOthers() throws InterruptedException {
    scene.visible = false;
    scene.remaining = Map.of("pod/s/w", "was not evicted");
    deed.proceeding =
        () -> {
          throw new IllegalStateException("403 of pod/s/w");
        };
    assertThat(drain().inject()).isFalse();
    assertThat(scene.doubts())
        .containsExactly("nothing was seen; the cluster refused: 403 of pod/s/w");
    assertThat(scene.only(Event.FaultUnfinished.class)).isEmpty();
  }

  @Test
  void whereNobodyCouldLookNothingIsToldOfOthers() throws InterruptedException {
    scene.visible = false;
    scene.remaining = Map.of("pod/s/w", "no disruption is allowed");
    deed.proceeding = () -> scene.blind = true;
    assertThat(drain().inject()).isFalse();
    assertThat(scene.doubts()).containsExactly("the effect could not be looked for: no API server");
    assertThat(scene.only(Event.FaultUnfinished.class)).isEmpty();
  }

  /** A webhook that was away for a while, or an API server: the budget had too little time. */
  @Test
  void whatCouldNotBeAskedForMostOfTheTimeIsNotToldOfOthers() throws InterruptedException {
    scene.visible = false;
    scene.remaining = Map.of("pod/s/w", "no disruption is allowed");
    deed.proceeding =
        () -> {
          if (scene.elapsed().compareTo(Duration.ofSeconds(20)) < 0) {
            throw new IllegalStateException("503 of a webhook");
          }
        };
    assertThat(drain().inject()).isFalse();
    assertThat(scene.only(Event.FaultUnfinished.class)).isEmpty();
    assertThat(scene.doubts())
        .singleElement()
        .satisfies(why ->
            assertThat(why)
                .startsWith("for 20 s Muster itself could not ask or look: ")
                .endsWith("the cluster refused: 503 of a webhook"));
  }

  @Test
  void whereNobodyCouldLookForMostOfTheTimeNothingIsToldOfOthers() throws InterruptedException {
    scene.visible = false;
    scene.remaining = Map.of("pod/s/w", "no disruption is allowed");
    deed.proceeding = () -> scene.blind = scene.elapsed().compareTo(Duration.ofSeconds(20)) < 0;
    assertThat(drain().inject()).isFalse();
    assertThat(scene.only(Event.FaultUnfinished.class)).isEmpty();
    assertThat(scene.doubts()).singleElement().asString().endsWith("no API server");
  }

  @Test
  void aShortRefusalLeavesTheOthersEnoughTime() throws InterruptedException {
    scene.visible = false;
    scene.remaining = Map.of("pod/s/w", "no disruption is allowed");
    deed.proceeding =
        () -> {
          if (scene.elapsed().compareTo(Duration.ofSeconds(10)) < 0) {
            throw new IllegalStateException("503 of a webhook");
          }
        };
    assertThat(drain().inject()).isFalse();
    assertThat(scene.only(Event.FaultUnfinished.class)).hasSize(1);
  }

  /** As by Ctrl-C, an abort rule, or its ttl. */
  @Test
  void whatIsUndoneWhileItGoesOnIsNeitherGoneOnWithNorToldOfOthers() throws InterruptedException {
    scene.remaining = Map.of("pod/s/w", "no disruption is allowed");
    assertThat(undoneAfterThree("errors above 50 %").inject()).isFalse();
    assertThat(deed.proceeded).isEqualTo(3);
    assertThat(deed.applied).isFalse();
    assertThat(scene.elapsed()).isLessThan(Duration.ofSeconds(5));
    assertThat(scene.only(Event.FaultUnfinished.class)).isEmpty();
    assertThat(scene.doubts())
        .containsExactly("it was undone before its effect was seen: errors above 50 %");
  }

  @Test
  void anUndoThatFailsEndsTheDeedAllTheSame() throws InterruptedException {
    deed.undoFailures = Integer.MAX_VALUE;
    assertThat(undoneAfterThree("Ctrl-C").inject()).isFalse();
    assertThat(deed.proceeded).isEqualTo(3);
    assertThat(scene.notReverted()).containsExactly("409");
  }

  /** Somebody asks for its undo when the deed was gone on with three times, between two looks. */
  private Course undoneAfterThree(String why) {
    scene.visible = false;
    deed.proceeding = () -> deed.proceeded++;
    AtomicBoolean asked = new AtomicBoolean();
    List<Course> drain = new ArrayList<>();
    Sleeper pause =
        length -> {
          scene.pause.of(length);
          if (deed.proceeded == 3 && asked.compareAndSet(false, true)) {
            drain.getFirst().revert(why);
          }
        };
    drain.add(drain(new HandTime(scene.clock, pause)));
    return drain.getFirst();
  }

  @Test
  void itIsLookedForAsOftenAsTheDeedSays() throws InterruptedException {
    scene.visible = false;
    deed.step = Duration.ofSeconds(1);
    deed.proceeding = () -> deed.proceeded++;
    assertThat(fault.inject()).isFalse();
    assertThat(deed.proceeded).isEqualTo(60);
  }

  /** A policy that nobody feels has no such excuse. */
  @Test
  void onlyWhatTakesItsTimeCanBeUnfinished() throws InterruptedException {
    scene.visible = false;
    scene.remaining = Map.of("pod/s/w", "no disruption is allowed");
    assertThat(fault.inject()).isFalse();
    assertThat(scene.doubts()).containsExactly("nothing was seen");
    assertThat(scene.only(Event.FaultUnfinished.class)).isEmpty();
  }

  private Course drain() {
    return drain(scene.time);
  }

  private Course drain(Time time) {
    return Course.throughApi(
        new FaultEventRecorder("f", "NodeDrain", Scene.NODE, time, scene.timeline),
        TTL,
        deed,
        scene.effect);
  }

  @Test
  void whatNobodyElseEndsIsUndoneAtItsTtl() throws InterruptedException {
    deed.endsItself = false;
    CountDownLatch over = new CountDownLatch(1);
    Sleeper pause =
        time -> {
          if (time.equals(TTL)) {
            over.await();
          } else {
            scene.pause.of(time);
          }
        };
    Course rollout =
        Course.throughApi(
            new FaultEventRecorder(
                "f", "Rollout", Scene.NODE, new HandTime(scene.clock, pause), scene.timeline),
            TTL,
            deed,
            scene.effect);
    assertThat(rollout.inject()).isTrue();
    over.countDown();
    org.awaitility.Awaitility.await().until(() -> !deed.applied);
  }
}
