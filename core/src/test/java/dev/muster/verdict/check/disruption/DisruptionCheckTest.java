package dev.muster.verdict.check.disruption;

import static dev.muster.verdict.check.disruption.Disrupted.drain;
import static dev.muster.verdict.check.disruption.Disrupted.rollout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Outcome;
import dev.muster.verdict.Story;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.Status;
import org.junit.jupiter.api.Test;

/** Each wrong setting is named, and no other. */
class DisruptionCheckTest {

  @Test
  void aGracePeriodThatIsShorterThanAnAnswer() {
    var run =
        rollout()
            .with("terminationGracePeriodSeconds", "5")
            .with("lifecycle.preStop", "2")
            .seen(20, "worker-a", false)
            .cut(18, 7.2, "worker-a")
            .cut(19.5, 5.8, "worker-a");

    assertThat(run.said())
        .containsExactly(
            "FAIL terminationGracePeriodSeconds 5 of Deployment/llm/worker cut 2 requests: 10 would"
                + " have held (2 s in which requests still come, and the longest answer of 7.2 s)");
    assertThat(run.findings().getFirst().measured()).isEqualTo(2.0);
    assertThat(run.findings().getFirst().evidence()).hasSize(2);
  }

  /** The kubelet gives 2 s more where the hook took all of it, and only there. */
  @Test
  void aGracePeriodThatThePreStopHookTakes() {
    var run =
        rollout()
            .with("terminationGracePeriodSeconds", "5")
            .seen(20, "worker-a", false)
            .cut(18, 9.1, "worker-a");

    assertThat(run.said()).singleElement().asString().contains("20 would have held");
    assertThat(run.with("lifecycle.preStop", "2").said())
        .singleElement()
        .asString()
        .contains("not explained");
  }

  @Test
  void theGracePeriodThatADrainGives() {
    var run = drain("gracePeriod: 5s, ").seen(20, "worker-a", false).cut(18, 7.1, "worker-a");

    assertThat(run.said())
        .singleElement()
        .asString()
        .startsWith("FAIL gracePeriod 5 of NodeDrain cut 1 requests: 18 would have held");
  }

  @Test
  void noPreStopHook() {
    var run =
        rollout()
            .with("lifecycle.preStop", "none")
            .seen(20, "worker-a", false)
            .failed(20.5, Outcome.HTTP_ERROR, 502, "worker-a")
            .failed(21.3, Outcome.CONNECTION_FAILED, 0);

    assertThat(run.said())
        .containsExactly(
            "FAIL lifecycle.preStop none of Deployment/llm/worker: 2 requests came to pods that had"
                + " ended, up to 1.3 s after these were told to go; a sleep of 2 s would have held");
  }

  /** Its pod was still there by its hook, or nobody knows of one, or it is long ago. */
  @Test
  void aHookThatLastsOrIsNotKnownIsNotBlamed() {
    var run = rollout().seen(20, "worker-a", false).failed(21.3, Outcome.CONNECTION_FAILED, 0);

    assertThat(run.said()).singleElement().asString().contains("not explained: 1 requests");
    assertThat(run.with("lifecycle.preStop", "of unknown length").said())
        .singleElement()
        .asString()
        .contains("not explained: 1 requests");
    assertThat(
            rollout()
                .with("lifecycle.preStop", "none")
                .seen(20, "worker-a", false)
                .failed(31, Outcome.CONNECTION_FAILED, 0)
                .said())
        .singleElement()
        .asString()
        .contains("not explained: 1 requests");
  }

  @Test
  void aTimeoutOfTheRouteWhateverPodsDo() {
    var run =
        rollout()
            .seen(20, "worker-a", false)
            .cut(10, 15, "worker-b")
            .cut(14, 15.1, "worker-b")
            .cut(18, 15, "worker-b")
            .cut(12, 14.9, "worker-a");

    assertThat(run.said())
        .singleElement()
        .asString()
        .startsWith("FAIL 4 requests were cut about 15.0 s after they were sent, whatever their");
    assertThat(run.answered(40, 20, "worker-b").said())
        .singleElement()
        .asString()
        .contains("not explained: 4 requests");
  }

  @Test
  void theRouteIsNamedWhereItsTimeoutIsTold() {
    var run = rollout().cut(10, 15.1, "worker-b");
    run.story().setting("timeoutPolicy.response", "15s", "HTTPProxy/llm/deepseek");

    assertThat(run.said())
        .containsExactly(
            "FAIL timeoutPolicy.response 15s of HTTPProxy/llm/deepseek cut 1 requests 15.0 s after"
                + " they were sent: one longer than the longest answer would have held, which takes"
                + " more than that");
  }

  /** As streams are that began together. */
  @Test
  void streamsThatBrokeOffTogetherWereCutByNoRoute() {
    assertThat(
            rollout()
                .cut(10, 15, "worker-b")
                .cut(10.1, 15, "worker-b")
                .cut(10.2, 15, "worker-b")
                .said())
        .singleElement()
        .asString()
        .contains("not explained: 3 requests");
  }

  @Test
  void aRolloutThatTakesAllPodsAtOnce() {
    var run = rollout().with("maxUnavailable", "100%").allAway();

    assertThat(run.said())
        .containsExactly(
            "FAIL maxUnavailable 100% of Deployment/llm/worker left no pod Ready when 2 requests"
                + " came: 2 would have left one");
    assertThat(run.with("maxUnavailable", "34%").said())
        .singleElement()
        .asString()
        .contains("not explained: 2 requests");
  }

  @Test
  void aBudgetThatAllowsTooMuch() {
    assertThat(drain("").with("podDisruptionBudget", "worker minAvailable 0").allAway().said())
        .containsExactly(
            "FAIL minAvailable 0 of PodDisruptionBudget/llm/worker left no pod Ready when 2 requests"
                + " came: 1 would have left one");
    assertThat(drain("").with("podDisruptionBudget", "worker maxUnavailable 67%").allAway().said())
        .singleElement()
        .asString()
        .startsWith("FAIL maxUnavailable 67% of PodDisruptionBudget/llm/worker");
    assertThat(drain("").with("podDisruptionBudget", "none").allAway().said())
        .singleElement()
        .asString()
        .startsWith("FAIL podDisruptionBudget none of Deployment/llm/worker")
        .endsWith("minAvailable 1 would have left one");
    assertThat(drain("").with("podDisruptionBudget", "none").with("replicas", "1").allAway().said())
        .singleElement()
        .asString()
        .startsWith("FAIL replicas 1 of Deployment/llm/worker")
        .endsWith("2 would have left one");
  }

  @Test
  void aProbeThatLies() {
    var run =
        rollout()
            .seen(15, "worker-c", false)
            .seen(20, "worker-c", true)
            .seen(20.2, "worker-a", false)
            .with("lifecycle.preStop", "none")
            .failed(21, Outcome.HTTP_ERROR, 500, "worker-c")
            .failed(24, Outcome.CONNECTION_FAILED, 0)
            .servedFrom(30, "worker-c");

    assertThat(run.said())
        .containsExactly(
            "FAIL readinessProbe of Deployment/llm/worker: 2 requests failed at pods that were Ready"
                + " and answered nothing for up to 10.0 s; one that fails until a pod can answer"
                + " would have held");
    assertThat(run.servedFrom(20.1, "worker-c").said())
        .noneMatch(said -> said.contains("readinessProbe of"));
  }

  @Test
  void eachOfSeveralCausesHasItsFinding() {
    var run =
        rollout()
            .with("terminationGracePeriodSeconds", "5")
            .with("lifecycle.preStop", "none")
            .seen(20, "worker-a", false)
            .cut(18, 7.2, "worker-a")
            .failed(20.5, Outcome.CONNECTION_FAILED, 0)
            .cut(100, 0.5, "worker-b");

    assertThat(run.findings())
        .extracting(Finding::status)
        .containsExactly(Status.FAIL, Status.FAIL, Status.INCONCLUSIVE);
    assertThat(run.findings()).extracting(Finding::measured).containsOnly(1.0);
    assertThat(run.said().get(0)).contains("terminationGracePeriodSeconds 5");
    assertThat(run.said().get(1)).contains("lifecycle.preStop none");
    assertThat(run.said().get(2)).contains("not explained");
  }

  /** It explains, and the bound of the drill judges. */
  @Test
  void whatTheDrillTakesIsExplainedAndPasses() {
    var run =
        rollout()
            .with("terminationGracePeriodSeconds", "5")
            .seen(20, "worker-a", false)
            .cut(18, 7.2, "worker-a")
            .cut(100, 0.5, "worker-b");
    run.story().expecting("lostRequests: {max: 2}\nresidue: none");

    assertThat(run.findings()).hasSize(2).extracting(Finding::status).containsOnly(Status.PASS);
  }

  @Test
  void whereNobodyWatchedPodsNothingIsClaimed() {
    var run =
        rollout()
            .with("lifecycle.preStop", "none")
            .seen(20, "worker-a", false)
            .failed(21.3, Outcome.CONNECTION_FAILED, 0);
    run.story()
        .event(20.9, s -> new Event.ObservationLost(s, "watch of Pod", "closed"))
        .event(22, s -> new Event.ObservationResumed(s, "watch of Pod"));

    assertThat(run.said()).singleElement().asString().contains("not explained: 1 requests");
  }

  @Test
  void runsThatTellNothingOfPodsExplainNothing() {
    var run = rollout().seen(20, "worker-a", false).cut(18, 7.2, "worker-a");
    run.story().without(Event.PodSeen.class);

    assertThat(run.said())
        .containsExactly(
            "INCONCLUSIVE not explained: 1 requests; nobody told when pods were Ready and when they"
                + " were told to go");
  }

  @Test
  void onlyPlannedDisruptionsAreAskedAndOnlyWhereSomethingWasLost() {
    assertThat(Story.healed().requests(0, 3.9, Outcome.TRUNCATED).findings("disruption")).isEmpty();
    assertThat(rollout().seen(20, "worker-a", false).said()).isEmpty();
  }
}
