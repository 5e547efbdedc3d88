package dev.muster.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outages that hide from one expectation or another. */
class ClientHistoriesTest {

  /**
   * Every stream breaks off right after its first token: nobody waits for one, nobody is answered.
   */
  @Test
  void aTotalOutageOfBrokenStreamsIsNoGoodLatency() {
    for (var bound : new String[] {"ttft: {p99: 2s}", "gap: {p99: 2s}", "ttft: {p50: 2s}"}) {
      var story =
          Story.healed().requests(0, 130, Outcome.TRUNCATED).expecting("latency: {" + bound + "}");
      assertThat(story.finding("latency").status()).isEqualTo(Status.PASS);
      assertThat(story.finding("clients").status()).as(bound).isEqualTo(Status.INCONCLUSIVE);
      assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
    }
  }

  /**
   * Of p50 half may get no token at all, which says how long clients wait and not how many fail.
   */
  @Test
  void aMedianBoundsNoFailures() {
    var story =
        Story.healed()
            .requests(0, 60, Outcome.CONNECTION_FAILED)
            .expecting("latency: {ttft: {p50: 2s}}");
    assertThat(story.finding("clients").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("clients").why()).endsWith("add availability to expect");
  }

  /** One tenant of thirty gets nothing for as long as the load lasts: no second is bad. */
  @Test
  void anOutageOfOneTenantIsNoInterruptionAndIsNotBoundedByOne() {
    var story =
        Story.healed()
            .arriving("constant: 30/s")
            .every(1 / 30.0, -20, 141, Outcome.COMPLETE)
            .expecting("interruption: {max: 10s}");
    for (double at = 0.5; at < 140; at++) {
      story.request("tenant-" + at, at, 0.05, Outcome.HTTP_ERROR);
    }
    assertThat(story.finding("interruption").status()).isEqualTo(Status.PASS);
    assertThat(story.finding("clients").status()).isEqualTo(Status.INCONCLUSIVE);
    story.expecting("interruption: {max: 10s}\navailability: {min: 90%}");
    assertThat(verdict(story)).isEqualTo(Status.PASS);
  }

  /** The pod-kill that a bound of the interruption holds. */
  @Test
  void whatAnInterruptionHoldsIsBoundedByIt() {
    var story =
        Story.healed().requests(1, 4, Outcome.TRUNCATED).expecting("interruption: {max: 10s}");
    assertThat(story.finding("clients").status()).isEqualTo(Status.PASS);
  }

  @Test
  void aBoundThatAsManyMayFailAsWereSentProvesNothing() {
    var story =
        thin(10).every(10, 1, 131, Outcome.CONNECTION_FAILED).expecting("lostRequests: {max: 60}");
    assertThat(story.finding("lostRequests").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("lostRequests").why())
        .endsWith(
            "but only 18 requests were sent, and as many may fail: nothing could break that bound");
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
  }

  /** The service dies in the last seconds: of one request in 10 s only the last one tells. */
  @Test
  void aServiceThatIsDeadFromTheLastSecondsOfAThinLoadIsNotKnownToLive() {
    var story =
        thin(10)
            .every(10, 171, 171, Outcome.CONNECTION_FAILED)
            .expecting("availability: {min: 90%}");
    assertThat(story.finding("availability").status()).isEqualTo(Status.PASS);
    assertThat(story.finding("clients").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void oneLastFailureAmongManyIsNoDeath() {
    var story = Story.healed().requests(139.9, 139.9, Outcome.TRUNCATED);
    assertThat(story.finding("clients").status()).isEqualTo(Status.PASS);
  }

  /** Refused by everybody for a minute, 429 or 503 in the service's own words. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "availability: {min: 90%}",
        "interruption: {max: 30s}",
        "lostRequests: {max: 0}",
        "refusedRequests: {max: 60}",
        "unreachableRequests: {max: 0}",
        "latency: {ttft: {p99: 2s}}",
        "recovered: {within: 60s}",
        "detected: {within: 60s}",
        "replacedPods: {within: 2m}",
        "residue: none"
      })
  void aServiceThatRefusesEverybodyForAMinuteNeverPasses(String expect) {
    for (var outcome :
        new Outcome[] {
          Outcome.REJECTED, Outcome.CONNECTION_FAILED, Outcome.TRUNCATED, Outcome.TIMED_OUT
        }) {
      var story = Story.healed().requests(10, 75, outcome).expecting(expect);
      assertThat(verdict(story)).as(expect + " " + outcome).isNotEqualTo(Status.PASS);
    }
  }

  /** All is asked at once, hangs for 50 s and is answered then: no request failed. */
  @Test
  void aFreezeThatEveryRequestOutlivesIsNoProofOfNoInterruption() {
    var story =
        Story.healed()
            .changed(
                10,
                60,
                r -> at(r, Story.at(60 + Recovery.seconds(Story.at(10), r.intended()) / 50)))
            .expecting("interruption: {max: 20s}");
    assertThat(story.finding("interruption").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("interruption").why()).startsWith("answers came up to 50.");
    assertThat(story.expecting("interruption: {max: 60s}").finding("interruption").status())
        .isEqualTo(Status.PASS);
  }

  /** One request in the middle of an outage waits until its end: it shows nothing of the middle. */
  @Test
  void anAnswerThatCameAfterTheOutageDoesNotPartIt() {
    var story =
        thin(10)
            .every(10, 1, 131, Outcome.CONNECTION_FAILED)
            .changed(60, 62, r -> at(r, Story.at(135), Outcome.COMPLETE))
            .expecting("interruption: {max: 100s}");
    assertThat(story.finding("interruption").measured()).isEqualTo(130);
    assertThat(story.finding("interruption").status()).isEqualTo(Status.FAIL);
  }

  /** Streams of 50 s, cut all at once at 100 s, and new ones are answered at once. */
  @Test
  void longStreamsThatBreakAtOneMomentAreOneMoment() {
    var story =
        Story.healed()
            .changed(
                50,
                100,
                r ->
                    Records.with(
                        Records.with(
                            Records.with(r, "lastToken", Story.at(100)), "ended", Story.at(100.1)),
                        "outcome",
                        Outcome.TRUNCATED))
            .expecting("interruption: {max: 10s}\navailability: {min: 50%}");
    assertThat(story.finding("interruption").measured()).isLessThanOrEqualTo(5);
    assertThat(verdict(story)).as("no answer was whole for 50 s").isEqualTo(Status.INCONCLUSIVE);
    story.expecting("interruption: {max: 1m}\navailability: {min: 50%}");
    assertThat(verdict(story)).isEqualTo(Status.PASS);
  }

  @Test
  void anOutageThatBeganBeforeTheFaultIsNotPutOnIt() {
    var story = Story.healed().arriving("constant: 10/s").every(0.1, -400, 141, Outcome.COMPLETE);
    story.without(Event.LoadStarted.class).event(-401, s -> new Event.LoadStarted(s, 1, "c"));
    story
        .without(Event.RunStarted.class)
        .event(-410, s -> new Event.RunStarted(s, "r", "d", Map.of()));
    story.requests(-3, 60, Outcome.CONNECTION_FAILED).expecting("interruption: {max: 10s}");
    assertThat(story.finding("baseline").why())
        .isEqualTo(
            "the last 30 requests before the fault got no answer: an outage had begun already");
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);

    // the same, where each waits for its deadline and so is in flight at the fault
    story.requests(-20, -0.1, Outcome.COMPLETE);
    story.changed(
        -10,
        60,
        r ->
            Records.with(
                at(r, r.intended().plusSeconds(60), Outcome.TIMED_OUT), "firstAnswerToken", null));
    assertThat(story.finding("baseline").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void whatWasInFlightAtTheFaultIsNoOutageFromBefore() {
    var story =
        Story.healed()
            .changed(-1, 30, r -> at(r, r.intended().plusSeconds(50), Outcome.TIMED_OUT))
            .expecting("interruption: {max: 10s}");
    assertThat(story.finding("baseline").status()).isEqualTo(Status.PASS);
    assertThat(verdict(story)).isEqualTo(Status.FAIL);
  }

  @Test
  void anAnswerOfAnErrorStatusIsNone() {
    var story =
        Story.healed()
            .changed(5, 60, r -> Records.with(r, "httpStatus", 500))
            .expecting("interruption: {max: 10s}");
    assertThat(verdict(story)).isEqualTo(Status.FAIL);
  }

  /** Whatever is asked and however often: nobody was answered for 130 s. */
  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.1, 0.3, 1, 10})
  void anOutageOf130SecondsPassesNowhere(double perSecond) {
    var asked =
        new String[] {
          "availability: {min: 99%}",
          "availability: {min: 90%}",
          "interruption: {max: 2m}",
          "lostRequests: {max: 100}",
          "refusedRequests: {max: 5}",
          "unreachableRequests: {max: 100}",
          "latency: {ttft: {p50: 2s}}",
          "latency: {ttft: {p99: 2s}, gap: {p99: 2s}}",
          "recovered: {within: 2m}",
          "detected: {within: 60s}",
          "replacedPods: {within: 2m}",
          "residue: none"
        };
    for (var pattern : new String[] {"constant: ", "poisson: "}) {
      for (var outcome : new Outcome[] {Outcome.REJECTED, Outcome.TRUNCATED, Outcome.TIMED_OUT}) {
        for (var expect : asked) {
          double apart = 1 / perSecond;
          var story =
              Story.healed()
                  .arriving(pattern + perSecond + "/s")
                  .every(apart, -20, 300, Outcome.COMPLETE)
                  .every(apart, apart > 5 ? 0 : 0.1, 130, outcome)
                  .expecting(expect);
          assertThat(verdict(story))
              .as(pattern + perSecond + " " + outcome + " " + expect)
              .isNotEqualTo(Status.PASS);
        }
      }
    }
  }

  @Test
  void answersThatAreMuchShorterThanBeforeProveNothing() {
    for (int tokens : new int[] {1, 20}) {
      var story = Story.healed().changed(5, 100, r -> Records.with(r, "tokens", tokens));
      assertThat(story.finding("streams").status()).isEqualTo(Status.INCONCLUSIVE);
      assertThat(story.finding("streams").why())
          .endsWith(
              "but 951 answers were no more than half as long as the shortest before the fault, or"
                  + " nothing but reasoning");
      assertThat(verdict(story)).isEqualTo(Status.INCONCLUSIVE);
    }
    var unnumbered = Story.healed().unnumbered(-20, 200);
    assertThat(unnumbered.finding("streams").status()).isEqualTo(Status.PASS);
    unnumbered.changed(5, 100, r -> Records.with(r, "tokens", 1));
    assertThat(unnumbered.finding("streams").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void answersOfNothingButReasoningProveNothingWhereThereWereAnswersBefore() {
    var story = Story.healed().changed(5, 100, ClientHistoriesTest::reasoning);
    assertThat(story.finding("streams").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(
            Story.healed()
                .changed(-20, 200, ClientHistoriesTest::reasoning)
                .finding("streams")
                .status())
        .as("a service that never did otherwise")
        .isEqualTo(Status.PASS);
  }

  @Test
  void answersThatAreShortByChanceAreNone() {
    var story = Story.healed().changed(50, 50.5, r -> Records.with(r, "tokens", 20));
    assertThat(story.finding("streams").status()).isEqualTo(Status.PASS);
    var varied =
        Story.healed()
            .changed(
                -20,
                200,
                r -> Records.with(r, "tokens", 10 + Math.floorMod(r.id().hashCode(), 50)));
    assertThat(varied.finding("streams").status()).isEqualTo(Status.PASS);
  }

  private static Request reasoning(Request r) {
    return Records.with(
        Records.with(r, "firstReasoningToken", r.firstAnswerToken()), "firstAnswerToken", null);
  }

  private static Request at(Request r, java.time.Instant token) {
    return at(r, token, r.outcome());
  }

  /** Its first token, its last and its end are then. */
  private static Request at(Request r, java.time.Instant token, Outcome outcome) {
    var first = Records.with(r, "firstAnswerToken", token);
    var last = Records.with(Records.with(first, "lastToken", token), "firstByte", token);
    return Records.with(Records.with(last, "ended", token), "outcome", outcome);
  }

  private static Story thin(int seconds) {
    return Story.healed()
        .arriving("constant: " + 1.0 / seconds + "/s")
        .every(seconds, -19, 171, Outcome.COMPLETE);
  }

  private static Status verdict(Story story) {
    return Verdict.of(story.history()).status();
  }
}
