package dev.muster.verdict.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.Story;
import dev.muster.verdict.finding.History;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecoveryTest {

  @Test
  void aStampThatSomebodyChangedMayBeAMillionYearsAway() {
    assertThat(Recovery.seconds(Story.FAULT, Story.FAULT.plusMillis(1250))).isEqualTo(1.25);
    assertThat(Recovery.seconds(Instant.MIN, Instant.MAX)).isGreaterThan(1e16);
    assertThat(Recovery.seconds(Instant.MAX, Instant.MIN)).isLessThan(-1e16);
  }

  @Test
  void ofSeveralVictimsTheFirstFaultBeginsItAndEachIsNamedOnce() {
    var recovery =
        of(
            Story.healed()
                .event(
                    30,
                    s ->
                        new Event.FaultInjected(
                            s, "f2", "ProcessKill", ObjectRef.Victim.parse("pod/llm/w")))
                .event(
                    40,
                    s ->
                        new Event.FaultInjected(
                            s, "f3", "NodeShutdown", ObjectRef.Victim.parse("n2")))
                .event(
                    41,
                    s ->
                        new Event.FaultInjected(
                            s, "f4", "NodeShutdown", ObjectRef.Victim.parse("n1")))
                .reached(42, Milestone.POWER_OFF, "node/n2"));
    assertThat(recovery.victims()).extracting(ObjectRef::name).containsExactly("n1", "n2", "w");
    assertThat(recovery.victim()).hasToString("n1");
    assertThat(recovery.fault()).isEqualTo(Story.FAULT);
  }

  /** As of a node that is cut off: its agent's word comes when somebody saw the effect. */
  @Test
  void aFaultThatWasWrittenLateBeginsWhenItWasInjected() {
    var told = Story.healed().without(Milestone.POWER_OFF).history();
    var late = new java.util.ArrayList<>(told.timeline());
    late.sort(java.util.Comparator.comparing(Event.FaultInjected.class::isInstance));
    late.addFirst(
        new Event.FaultInjected(
            dev.muster.timeline.Stamp.engine(Story.at(5)),
            "f2",
            "CpuStress",
            ObjectRef.Victim.parse("n2")));
    var history = new History(told.drill(), late, told.ledger(), told.traces());
    assertThat(Recovery.of(history).orElseThrow().fault()).isEqualTo(Story.at(-0.1));
  }

  @Test
  void theVictimIsWhoWasTakenAwayWhoeverSufferedBefore() {
    var recovery =
        of(
            Story.healed()
                .event(
                    -10,
                    s ->
                        new Event.FaultInjected(
                            s, "f0", "CpuStress", ObjectRef.Victim.parse("n3"))));
    assertThat(recovery.victims()).extracting(ObjectRef::name).containsExactly("n1", "n3");
    assertThat(recovery.taking().kind()).isEqualTo("NodeShutdown");
    assertThat(recovery.fault()).as("requests count from the first").isEqualTo(Story.at(-10));
    assertThat(recovery.taken()).isEqualTo(Story.FAULT);
    assertThat(Phases.of(recovery).getFirst().seconds()).isEqualTo(50);
  }

  @Test
  void podsAreLostWithEachNodeThatWasTaken() {
    var story =
        quiet()
            .event(
                30,
                s -> new Event.FaultInjected(s, "f2", "KubeletStop", ObjectRef.Victim.parse("n2")));
    assertThat(of(story).lostPods())
        .extracting(ObjectRef::name)
        .containsExactlyInAnyOrder("worker-a", "worker-b");
    assertThat(of(story).lostNode()).isTrue();
  }

  @Test
  void aNodeThatIsOnlyStressedKeepsItsPods() {
    var story =
        quiet()
            .without(Event.FaultInjected.class)
            .event(
                0,
                s -> new Event.FaultInjected(s, "f1", "CpuStress", ObjectRef.Victim.parse("n1")));
    assertThat(of(story).lostPods()).isEmpty();
    assertThat(of(story).lostNode()).isFalse();

    story.reached(20, Milestone.POD_EVICTED, "pod/llm/worker-a");
    assertThat(of(story).lostPods()).extracting(ObjectRef::name).containsExactly("worker-a");
    assertThat(of(story).lostNode()).isTrue();
  }

  @Test
  void whatHappenedBeforeTheFaultIsNotItsDoing() {
    var story = quiet().reached(-5, Milestone.POD_EVICTED, "pod/llm/worker-z");
    assertThat(of(story).lostPods()).extracting(ObjectRef::name).containsExactly("worker-a");
  }

  @Test
  void withoutAFaultThereIsNone() {
    assertThat(Recovery.of(Story.healed().without(Event.FaultInjected.class).history())).isEmpty();
  }

  /** The node was taken, and nothing is told of its pods. */
  private static Story quiet() {
    return Story.healed().without(Milestone.POD_NOT_READY, Milestone.POD_EVICTED);
  }

  /** Else a load that stopped before its end would cover the shorter window. */
  @Test
  void anAbortDoesNotShortenWhatTheLoadMustCover() {
    Story unknown =
        Story.healed()
            .without(Event.FaultReverted.class)
            .without(Event.PhaseEnded.class)
            .without(Event.PhaseStarted.class);
    var loadEnded =
        unknown.history().timeline().stream()
            .filter(e -> e instanceof Event.LoadEnded)
            .map(e -> e.stamp().at())
            .findFirst()
            .orElseThrow();
    var aborted = of(unknown.event(130, s -> new Event.RunAborted(s, "Ctrl-C")));
    assertThat(aborted.watchedUntil()).isEqualTo(loadEnded);
  }

  private static Recovery of(Story story) {
    return Recovery.of(story.history()).orElseThrow();
  }
}
