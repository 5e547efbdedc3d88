package dev.muster.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.Milestone;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real runs pass as they were recorded, and do not where their times were changed. */
class RecordedTest {

  @ParameterizedTest
  @ValueSource(strings = {"pod-kill", "process-kill"})
  void aRealRunThatWentWellPasses(String name) {
    var verdict = Verdict.of(Recorded.history(name));
    assertThat(verdict.findings())
        .allSatisfy(
            f -> assertThat(f.status()).as(f.check() + ": " + f.why()).isEqualTo(Status.PASS));
  }

  /** It was recorded by a Muster that looked at the effect once and not again until the undo. */
  @Test
  void aRealIsolationThatWasLookedAtOnceLacksNothingElse() {
    var wrong =
        Verdict.of(Recorded.history("node-isolation")).findings().stream()
            .filter(f -> f.status() != Status.PASS)
            .toList();
    assertThat(wrong).extracting(Finding::check).containsExactly("faultVerified");
    assertThat(wrong).extracting(Finding::status).containsExactly(Status.INCONCLUSIVE);
    assertThat(wrong.getFirst().why()).contains("was seen and not looked at again in the 97.6 s");
  }

  /** History 11. */
  @Test
  void notReadyThatWasMovedBy40SDoesNotPass() {
    var history = Recorded.history("node-isolation");
    var moved =
        history.timeline().stream()
            .map(e ->
                e instanceof MilestoneReached m && m.milestone() == Milestone.NODE_NOT_READY
                    ? shifted(e, Duration.ofSeconds(-40))
                    : e)
            .toList();
    var verdict = Verdict.of(with(history, moved));
    assertThat(verdict.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(verdict.findings())
        .filteredOn(f -> f.check().equals("order"))
        .extracting(Finding::status)
        .containsExactly(Status.INCONCLUSIVE);
  }

  /** History 21 as a timeline of an earlier version has it: its times are those of the wall. */
  @Test
  void aClockThatWasSetBackOneHourNeitherPassesNorFails() {
    for (var name : Recorded.NAMES) {
      var history = Recorded.history(name);
      var fault = Recovery.of(history).orElseThrow().fault();
      for (int second : List.of(-20, 1, 5, 20)) {
        var set = fault.plusSeconds(second);
        var verdict = Verdict.of(with(history, setBack(history, set)));
        assertThat(verdict.status()).as(name + second).isEqualTo(Status.INCONCLUSIVE);
      }
    }
  }

  private static List<Event> setBack(History history, Instant from) {
    return history.timeline().stream()
        .map(e -> e.stamp().at().isBefore(from) ? e : shifted(e, Duration.ofHours(-1)))
        .toList();
  }

  private static Event shifted(Event event, Duration by) {
    return Records.with(
        event, "stamp", Records.with(event.stamp(), "at", event.stamp().at().plus(by)));
  }

  private static History with(History h, List<Event> timeline) {
    return new History(h.drill(), timeline, h.ledger(), h.traces(), h.integrity());
  }
}
