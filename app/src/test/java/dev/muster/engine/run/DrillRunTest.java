package dev.muster.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.AbortRule;
import dev.muster.drill.Step;
import dev.muster.drill.abort.Command;
import dev.muster.drill.time.RealTime;
import dev.muster.engine.home.Refusal;
import dev.muster.timeline.Event;
import dev.muster.timeline.file.Journal;
import dev.muster.timeline.file.JournalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order of a run's acts. */
class DrillRunTest extends SmallRun {

  @Test
  void theFaultIsUndoneBeforeTheLoadEnds() throws InterruptedException {
    run();
    assertThat(acts)
        .containsSubsequence(
            "deploy",
            "preflight",
            "watch",
            "settings",
            "load",
            "inject",
            "revert",
            "load ends",
            "watch ends",
            "audit");
    assertThat(phases())
        .containsExactly(
            "prepare",
            "preflight",
            "settle",
            "baseline",
            "inject",
            "observe",
            "revert",
            "recover",
            "audit");
    assertThat(events().getLast()).isInstanceOf(Event.RunEnded.class);
  }

  @Test
  void everyPhaseThatBeganHasEnded() throws InterruptedException {
    run();
    assertThat(events().stream().filter(e -> e instanceof Event.PhaseEnded).count())
        .isEqualTo(phases().size());
  }

  @Test
  void aRefusalTouchesNothing() {
    refusals = List.of("not enough memory");
    assertThatThrownBy(this::run)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("not enough memory")
        .hasMessageContaining("no fault was injected");
    assertThat(acts).containsExactly("hold", "deploy", "preflight", "leave");
  }

  /** Whoever began the run tells it, with what to do. */
  @Test
  void whyAPhaseFailedIsNotToldTwice() {
    refusals = List.of("not enough memory");
    assertThatThrownBy(this::run).isInstanceOf(Refusal.class);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("preflight failed")
        .doesNotContain("not enough memory");
    assertThat(events())
        .anyMatch(e ->
            e instanceof Event.PhaseEnded ended
                && String.valueOf(ended.failure()).contains("not enough memory"));
  }

  @Test
  void aForcedDrillIsDoneAndSaysSo() throws InterruptedException {
    refusals = List.of("not enough memory");
    force = true;
    run();
    assertThat(acts).contains("inject", "revert");
    assertThat(events())
        .anyMatch(e ->
            e instanceof Event.PreflightForced forced
                && forced.refusals().contains("not enough memory"));
  }

  @Test
  void aServiceThatFailsAlreadyIsNotDisturbed() throws InterruptedException {
    errors = 0.5;
    run();
    assertThat(acts).doesNotContain("inject").contains("load ends", "audit");
    assertThat(aborts()).containsExactly("50 % of the requests failed before the fault");
  }

  @Test
  void theAbortQuotesWhyMostRequestsFailed() throws InterruptedException {
    errors = 0.5;
    failed = new Ports.Failed("7 of 14 with HTTP 500 from POST http://s/chat/completions", false);
    run();
    assertThat(aborts())
        .containsExactly(
            "50 % of the requests failed before the fault,"
                + " 7 of 14 with HTTP 500 from POST http://s/chat/completions");
    assertThat(phases()).contains("baseline");
  }

  @Test
  void aServiceThatTurnsEveryRequestDownIsNotWaitedFor() throws InterruptedException {
    errors = 1;
    failed = new Ports.Failed("9 of 9 with HTTP 404 from POST http://s/chat/completions", true);
    run();
    assertThat(aborts())
        .containsExactly(
            "100 % of the requests failed before the fault,"
                + " 9 of 9 with HTTP 404 from POST http://s/chat/completions");
    assertThat(phases()).contains("settle").doesNotContain("baseline", "inject");
    assertThat(acts).containsSubsequence("load", "load ends", "audit");
  }

  @Test
  void theBaselineWaitsUntilTheServiceHasSettled() throws InterruptedException {
    errors = 0.5;
    settlesAfterLooks = 3;
    run();
    assertThat(acts).containsSubsequence("load", "inject", "revert");
    assertThat(aborts()).isEmpty();
  }

  @Test
  void aFaultWithoutEffectIsUndoneAtOnce() throws InterruptedException {
    effect = false;
    run();
    assertThat(acts).containsSubsequence("inject", "revert", "load ends");
    assertThat(phases()).doesNotContain("observe");
  }

  @Test
  void aHoldAfterAKillIsAPhaseOfItsOwnAndNothingIsReverted() throws InterruptedException {
    kill = true;
    steps = fault -> List.of(fault.getFirst(), new Step.Hold(Duration.ofMillis(1100)));
    run();
    assertThat(phases())
        .containsSequence("baseline", "inject", "hold", "recover")
        .doesNotContain("observe", "revert");
    assertThat(said())
        .contains("== hold (expected 00:01)")
        .noneMatch(line -> line.contains("revert"));
    assertThat(events()).anyMatch(e -> e instanceof Event.FaultReverted);
  }

  @Test
  void holdsAroundAFaultAreNoPartOfItsPhases() throws InterruptedException {
    var hold = new Step.Hold(Duration.ofMillis(20));
    steps = fault -> List.of(hold, fault.getFirst(), hold);
    run();
    assertThat(phases())
        .containsSequence("baseline", "hold", "inject", "observe", "revert", "hold", "recover");
    assertThat(said()).contains("reverting: duration is over", "fault reverted");
  }

  @Test
  void aHoldBesideAFaultChangesNoPhase() throws InterruptedException {
    var hold = new Step.Hold(Duration.ofMillis(100));
    var late = new Step.Serial(List.of(new Step.Hold(Duration.ofMillis(50)), hold));
    steps = fault -> List.of(new Step.Parallel(List.of(fault.getFirst(), late)));
    run();
    assertThat(phases()).containsSubsequence("inject", "observe", "revert", "recover");
    assertThat(phases().subList(phases().indexOf("inject"), phases().size()))
        .doesNotContain("hold");
  }

  @Test
  void killsOneAfterAnotherAreObservedForWhatIsLeft() throws InterruptedException {
    kill = true;
    var hold = new Step.Hold(Duration.ofMillis(1500));
    steps = fault -> List.of(fault.getFirst(), hold, fault.getFirst());
    run();
    assertThat(phases()).containsSequence("inject", "observe", "recover");
    assertThat(said()).contains("== observe (expected 00:01)");
  }

  @Test
  void anAbortUndoesTheFaultAndDoesNotWaitForRecovery() throws InterruptedException {
    Thread.ofVirtual().start(this::abortOnceInjected);
    run();
    assertThat(acts).containsSubsequence("inject", "revert: by the test", "load ends", "audit");
    assertThat(phases()).doesNotContain("recover");
    assertThat(aborts()).containsExactly("by the test");
  }

  @Test
  void whatAnAbortLeavesIsAuditedWhenItsNodeIsBack() throws InterruptedException {
    late = true;
    Thread.ofVirtual().start(this::abortOnceInjected);
    run();
    assertThat(acts).containsSubsequence("revert: by the test", "ready", "audit");
  }

  /** After an API server was away for long every node is NotReady for a moment. */
  @Test
  void nodesWithoutAFaultAreWaitedForAsWell() throws InterruptedException {
    looksUntilNodesAreBack = 3;
    Thread.ofVirtual().start(this::abortOnceInjected);
    run();
    assertThat(acts)
        .containsSubsequence(
            "revert: by the test", "nodes back?", "nodes back?", "nodes back?", "audit");
  }

  @Test
  void aRunThatFailsIsUndoneSaysSoAndLeavesNoPods() {
    failing = true;
    assertThatThrownBy(this::run).hasMessage("broken");
    assertThat(acts).containsSubsequence("inject", "revert", "load ends", "leave");
    assertThat(aborts()).containsExactly("it failed: broken");
    assertThat(events().getLast()).isInstanceOf(Event.RunEnded.class);
  }

  @Test
  void aRecordThatIsDeletedEndsTheRunWithTheUndo() throws IOException {
    injected = () -> Files.delete(folder.resolve(Journal.FILE));
    lasting = Duration.ofMinutes(5);
    assertThatThrownBy(this::run)
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("it was deleted");
    assertThat(acts).containsSubsequence("inject", "revert", "load ends", "leave");
    assertThat(state.fate()).isEqualTo("every fault is undone");
  }

  @Test
  void anAbortEndsThePreparationAtOnce() {
    deploying =
        () -> {
          abort.request("by the test");
          RealTime.TIME.sleep(Duration.ofMinutes(5)); // as helm, that waits for pods
        };
    assertThatThrownBy(this::run)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("by the test")
        .hasMessageContaining("nothing was disturbed");
    assertThat(acts).containsExactly("hold", "deploy", "leave");
    assertThat(Thread.interrupted()).isFalse();
    assertThat(events().getLast()).isInstanceOf(Event.RunEnded.class);
  }

  @Test
  void aRuleThatHoldsBeforeTheFaultForbidsIt() throws InterruptedException {
    abortWhen = List.of(always(AbortRule.When.SOT));
    run();
    assertThat(acts).contains("load ends", "audit").doesNotContain("inject");
    assertThat(aborts()).singleElement().asString().contains("before the first fault");
  }

  @Test
  void aRuleThatHoldsAtTheEndIsAnAbortOfARunThatIsUndone() throws InterruptedException {
    abortWhen = List.of(always(AbortRule.When.EOT));
    run();
    assertThat(acts).containsSubsequence("inject", "revert", "load ends");
    assertThat(aborts()).singleElement().asString().contains("at the end");
  }

  private static AbortRule always(AbortRule.When mode) {
    return new AbortRule(new Command(List.of("false")), mode, Duration.ZERO);
  }
}
