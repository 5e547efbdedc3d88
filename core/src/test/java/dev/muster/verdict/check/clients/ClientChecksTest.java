package dev.muster.verdict.check.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Outcome;
import dev.muster.verdict.Story;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Interruption;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What clients felt: interruption, availability, lost and wrong answers, and the account of all.
 */
class ClientChecksTest {

  @Test
  void anInterruptionLastsFromItsFirstToItsLastFailedRequest() {
    var story = Story.healed().requests(3.4, 42.7, Outcome.CONNECTION_FAILED);
    var felt = Interruption.of(story.history()).orElseThrow();
    assertThat(felt.start()).isEqualTo(Story.at(3.4));
    assertThat(felt.end()).isEqualTo(Story.at(42.7));
    assertThat(story.finding("interruption").measured()).isEqualTo(39.3);
    assertThat(story.finding("interruption").status()).isEqualTo(Status.PASS);
  }

  @Test
  void aGoodSpellOfLessThanFiveSecondsDoesNotEndIt() {
    var story =
        Story.healed().requests(10, 19.9, Outcome.TRUNCATED).requests(24, 30, Outcome.TRUNCATED);
    assertThat(story.finding("interruption").measured()).isEqualTo(20);
  }

  @Test
  void ofTwoThatAreFiveSecondsApartTheLongerCounts() {
    var story =
        Story.healed().requests(10, 19.9, Outcome.TRUNCATED).requests(25, 40, Outcome.TRUNCATED);
    assertThat(story.finding("interruption").measured()).isEqualTo(15);
  }

  @Test
  void aStreamThatWasInFlightFailsAtTheFault() {
    var story = Story.healed().request(-4.05, 30, Outcome.TRUNCATED);
    var felt = Interruption.of(story.history()).orElseThrow();
    assertThat(felt.start()).isEqualTo(Story.FAULT);
    assertThat(felt.seconds()).isZero();
    assertThat(story.finding("lostRequests").measured()).isEqualTo(1);
    assertThat(story.finding("baseline").measured()).isEqualTo(100);
  }

  @Test
  void oneFailureAmongManyIsNoInterruption() {
    var story = Story.healed();
    for (int i = 0; i < 20; i++) {
      story.request("extra" + i, 5.5, 1, Outcome.COMPLETE);
    }
    story.request(5.55, 1, Outcome.TRUNCATED);
    assertThat(Interruption.of(story.history())).isEmpty();
    assertThat(story.finding("interruption").measured()).isZero();
  }

  @Test
  void whatFailsAfterTheRecoveryCountsAndWhatWasNeverSentIsNobodysFailure() {
    var story =
        Story.healed()
            .requests(140, 160, Outcome.COMPLETE)
            .requests(141, 150, Outcome.TRUNCATED)
            .requests(20, 30, Outcome.NOT_SENT);
    assertThat(story.finding("interruption").measured()).isEqualTo(9);
    assertThat(story.finding("load").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void tooLongAnInterruptionNamesThePhaseThatItFellInto() {
    var finding =
        Story.healed()
            .requests(1, 90, Outcome.TIMED_OUT)
            .expecting("interruption: {max: 30s}")
            .finding("interruption");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.why())
        .startsWith("from 1.0 s to 90.0 s after the fault 891 of 900 requests got no full answer; ")
        .endsWith("49 of 89 s: detection, node-monitor-grace-period 50s (kube-controller-manager)");
  }

  @Test
  void availabilityIsOverAllScheduledRequestsFromTheFaultOn() {
    // 1400 from the fault to the end of the load; refused and unreachable ones are not answered
    var story =
        Story.healed()
            .requests(10, 16.9, Outcome.REJECTED)
            .requests(20, 26.9, Outcome.CONNECTION_FAILED)
            .requests(-19, -15, Outcome.TRUNCATED);
    assertThat(story.finding("availability").measured()).isEqualTo(90);
    assertThat(story.finding("availability").status()).isEqualTo(Status.PASS);
    story.requests(30, 30, Outcome.REJECTED);
    assertThat(story.finding("availability").status()).isEqualTo(Status.FAIL);
  }

  @Test
  void refusedRequestsAreNotLost() {
    var story =
        Story.healed().requests(10, 15.9, Outcome.TRUNCATED).requests(20, 29, Outcome.REJECTED);
    assertThat(story.finding("lostRequests").measured()).isEqualTo(60);
    assertThat(story.finding("lostRequests").status()).isEqualTo(Status.PASS);
    story.requests(30, 30, Outcome.IN_BAND_ERROR);
    assertThat(story.finding("lostRequests").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("lostRequests").why())
        .isEqualTo(
            "1248 of 1400 requests got their full answer; 61 were lost, 91 refused, 0 could not"
                + " reach the service: {TRUNCATED=60, IN_BAND_ERROR=1}");
  }

  @Test
  void oneWrongAnswerAlwaysFails() {
    var story = Story.healed().requests(-10, -10, Outcome.CORRUPT);
    assertThat(story.finding("streams").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("streams").evidence()).containsExactly("request r-10.0 CORRUPT");
  }

  @Test
  void textThatCouldNotBeCheckedIsToldAsUnchecked() {
    var other = Story.healed().unnumbered(-30, 200).finding("streams");
    assertThat(other.status()).isEqualTo(Status.PASS);
    assertThat(other.why())
        .startsWith("unchecked: ")
        .endsWith("not checked in any of 1600 answers");
    var mixed = Story.healed().unnumbered(-10, -9).finding("streams");
    assertThat(mixed.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(mixed.why()).endsWith("; 11 were no numbered tokens and could not be checked");
    assertThat(mixed.evidence()).hasSize(11).first().isEqualTo("request r-10.0");
  }

  @Test
  void whatFailedBeforeTheServiceHadSettledIsNotOfTheBaseline() {
    var finding =
        Story.healed()
            .requests(-20, -15, Outcome.HTTP_ERROR)
            .event(-14.9, s -> new Event.PhaseStarted(s, "baseline"))
            .finding("baseline");
    assertThat(finding.status()).isEqualTo(Status.PASS);
    assertThat(finding.measured()).isEqualTo(100);
  }

  @Test
  void aServiceThatWasIllBeforeTheFaultProvesNothing() {
    var finding = Story.healed().requests(-20, -19.7, Outcome.HTTP_ERROR).finding("baseline");
    assertThat(finding.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(finding.measured()).isEqualTo(98);
  }

  @Test
  void aLateGeneratorProvesNothing() {
    var story =
        Story.healed()
            .event(
                141, s -> new Event.LoadEnded(s, 1600, 251, 900, new Event.CanaryLag(900, 2, 8)));
    assertThat(story.finding("load").status()).isEqualTo(Status.INCONCLUSIVE);
    story.without(Event.LoadEnded.class);
    story.event(141, s -> new Event.LoadEnded(s, 1600, 250, 900, new Event.CanaryLag(900, 2, 8)));
    assertThat(story.finding("load").status()).isEqualTo(Status.PASS);
  }

  @Test
  void aGeneratorThatNobodyWatchedProvesNothing() {
    var story = Story.healed().event(141, s -> new Event.LoadEnded(s, 1600, 3, 9, null));
    assertThat(story.finding("load").status()).isEqualTo(Status.INCONCLUSIVE);
    story.without(Event.LoadEnded.class);
    var silent = new Event.CanaryLag(0, 0, 0);
    story.event(141, s -> new Event.LoadEnded(s, 1600, 3, 9, silent));
    assertThat(story.finding("load").why()).contains("its canary saw nothing");
  }

  @Test
  void aLedgerThatDoesNotAddUpProvesNothing() {
    var story =
        Story.healed()
            .event(141, s -> new Event.LoadEnded(s, 1601, 1, 2, new Event.CanaryLag(900, 2, 8)));
    assertThat(story.finding("ledger").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("ledger").why())
        .isEqualTo("1601 requests were scheduled and 1600 are in the ledger");
    story.request("r5.5", 77.7, 1, Outcome.COMPLETE);
    assertThat(story.finding("ledger").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("ledger").evidence()).containsExactly("request r5.5");
  }

  @Test
  void whateverTheOutcomesTheAccountAddsUpAndBoundsHold() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var outcomes = java.util.List.of(Outcome.values());
    System.out.println("seed " + seed);
    for (int round = 0; round < 50; round++) {
      var story = Story.healed();
      for (int i = 0; i < 30; i++) {
        double from = random.nextInt(-200, 1390) / 10.0;
        var outcome = outcomes.get(random.nextInt(outcomes.size()));
        story.requests(from, Math.min(139.9, from + random.nextInt(40) / 10.0), outcome);
      }
      var history = story.history();
      long byOutcome =
          java.util.Arrays.stream(Outcome.values())
              .mapToLong(o -> history.ledger().stream().filter(r -> r.outcome() == o).count())
              .sum();
      assertThat(byOutcome).as("seed %d", seed).isEqualTo(1600);
      assertThat(story.finding("ledger").status()).as("seed %d", seed).isEqualTo(Status.PASS);
      var felt = Interruption.of(history);
      felt.ifPresent(i -> {
        assertThat(i.seconds()).as("seed %d", seed).isBetween(0.0, 139.9);
        assertThat(i.failed()).as("seed %d", seed).isBetween(1L, i.all());
      });
      var availability = story.finding("availability").measured();
      assertThat(availability).as("seed %d", seed).isBetween(0.0, 100.0);
    }
  }
}
