package dev.muster.verdict.check.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.verdict.Story;
import dev.muster.verdict.Verdict;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How the service was built, and what the run left behind. */
class ServiceChecksTest {

  @Test
  void aPodThatIsReadyBeforeItsModelFailsAndNamesTheProbe() {
    var story =
        Story.healed()
            .without(Milestone.REPLACEMENT_READY)
            .reached(83, Milestone.REPLACEMENT_READY, "pod/llm/worker-c");
    assertThat(story.finding("readiness").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("readiness").why())
        .isEqualTo(
            "worker-c was Ready 9.5 s before its model was loaded: its readinessProbe does not ask"
                + " whether the model is there");
  }

  @Test
  void twoSecondsAreOnlyALateLook() {
    var story =
        Story.healed()
            .without(Milestone.REPLACEMENT_READY)
            .reached(90.5, Milestone.REPLACEMENT_READY, "pod/llm/worker-c");
    assertThat(story.finding("readiness").status()).isEqualTo(Status.PASS);
  }

  @Test
  void whereLoadingIsNotSeenReadinessIsNotJudged() {
    assertThat(Story.healed().without(Milestone.MODEL_LOADED).findings("readiness")).isEmpty();
  }

  @Test
  void aSingleReplicaFailsWhenClientsWereHurt() {
    var story = Story.healed().setting("replicas", "1", "Deployment/llm/api");
    assertThat(story.finding("redundancy").status()).isEqualTo(Status.PASS);
    story.requests(0, 20, Outcome.HTTP_ERROR);
    assertThat(story.finding("redundancy").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("redundancy").why())
        .isEqualTo(
            "Deployment/llm/api has one replica only, and availability, lostRequests failed:"
                + " nothing takes over while it is away");
  }

  @Test
  void aSingleReplicaFailsWhenTheVictimCarriedIt() {
    var story =
        Story.healed()
            .setting("replicas", "1", "Deployment/llm/api")
            .setting("pod", "n1", "Pod/llm/api-5d-x")
            .setting("controller", "Deployment/llm/api", "Pod/llm/api-5d-x");
    assertThat(story.finding("redundancy").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("redundancy").why()).contains("Deployment/llm/api").contains("on n1");
  }

  @Test
  void aSingleReplicaOfAnotherServiceIsNobodysFault() {
    var story =
        Story.healed()
            .setting("replicas", "1", "Deployment/other/api")
            .requests(0, 20, Outcome.HTTP_ERROR);
    assertThat(story.finding("redundancy").status()).isEqualTo(Status.PASS);
  }

  @Test
  void ofAKillThereWasNothingToUndo() {
    assertThat(Story.killed().finding("faultReverted").why()).isEqualTo("the fault was undone");
    var kill =
        Story.killed()
            .without(Event.FaultArmed.class)
            .event(
                -0.2,
                s ->
                    new Event.FaultArmed(
                        s,
                        "f1",
                        "ProcessKill",
                        ObjectRef.Victim.parse("pod/llm/worker-a"),
                        null,
                        Map.of()));
    assertThat(kill.finding("faultReverted").status()).isEqualTo(Status.PASS);
    assertThat(kill.finding("faultReverted").why()).isEqualTo("there was nothing to undo");
  }

  @Test
  void aFaultThatCouldNotBeUndoneFailsUntilItWasUndone() {
    var story = Story.healed().without(Event.FaultReverted.class);
    assertThat(story.finding("faultReverted").status()).isEqualTo(Status.INCONCLUSIVE);
    story.event(123, s -> new Event.FaultNotReverted(s, "f1", "power provider refused"));
    assertThat(story.finding("faultReverted").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("faultReverted").why()).contains("power provider refused");
    story.event(140, s -> new Event.FaultRevertUnseen(s, "f1", "nobody could look on n1"));
    assertThat(story.finding("faultReverted").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("faultReverted").why()).contains("nobody could look on n1");
    story.event(150, s -> new Event.FaultReverted(s, "f1", Map.of()));
    assertThat(story.finding("faultReverted").status()).isEqualTo(Status.PASS);
  }

  @Test
  void aFaultThatNobodyLookedAtIsNotVerified() {
    var story = Story.healed().without(Event.FaultVerified.class);
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.INCONCLUSIVE);
    story.without(Event.FaultInjected.class);
    assertThat(story.finding("faultVerified").why())
        .isEqualTo("NodeShutdown of n1 was armed and never injected");
    story.without(Event.FaultArmed.class);
    assertThat(story.finding("faultVerified").why()).isEqualTo("no fault was injected");
  }

  @Test
  void eachFaultIsVerifiedByItselfAndOneThatWasNeverDoneIsTold() {
    var story =
        Story.healed()
            .event(
                20,
                s -> new Event.FaultInjected(s, "f2", "CpuStress", ObjectRef.Victim.parse("n2")))
            .event(21, s -> new Event.FaultVerified(s, "f2", Map.of("kubelet", "busy")))
            .event(24, s -> new Event.FaultReverting(s, "f2", "duration is over"))
            .event(30, s -> new Event.FaultNotVerified(s, "f3", "not injected: silent already"));
    assertThat(story.findings("faultVerified"))
        .extracting(Finding::status)
        .containsExactly(Status.PASS, Status.PASS, Status.INCONCLUSIVE);
    assertThat(story.findings("faultVerified").getLast().why())
        .isEqualTo("the effect of f3 was not seen: not injected: silent already");
    assertThat(Verdict.of(story.history()).status()).isEqualTo(Status.INCONCLUSIVE);
  }

  /** As where the engine itself failed between the announcement and the deed. */
  @Test
  void aSecondFaultThatWasArmedAndNeverInjectedKeepsTheRunFromPassing() {
    var story =
        Story.healed()
            .event(
                20,
                s ->
                    new Event.FaultArmed(
                        s, "f2", "CpuStress", ObjectRef.Victim.parse("n2"), s.at(), Map.of()))
            .event(21, s -> new Event.FaultReverted(s, "f2", Map.of()));
    assertThat(story.findings("faultVerified").getLast().why())
        .isEqualTo("CpuStress of n2 was armed and never injected");
    assertThat(Verdict.of(story.history()).status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aStressThatDiedWhileItWasHeldIsNotVerifiedAfterAll() {
    var story = Story.healed().event(90, s -> new Event.FaultNotVerified(s, "f1", "it died"));
    assertThat(story.finding("faultVerified").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void whatPreflightRefusedAndWasForcedIsAFailure() {
    assertThat(Story.healed().findings("preflight")).isEmpty();
    var finding =
        Story.healed()
            .event(-28, s -> new Event.PreflightForced(s, List.of("no memory", "one replica")))
            .finding("preflight");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.measured()).isEqualTo(2);
    assertThat(finding.why())
        .isEqualTo("started with --force although preflight refused: no memory");
    assertThat(finding.evidence()).containsExactly("no memory", "one replica");
  }

  @Test
  void aDrillWithoutLoadHasNoFindingsAboutClients() {
    var verdict = Verdict.of(Story.healed().withoutLoad().history());
    assertThat(verdict.findings())
        .extracting(Finding::check)
        .contains("faultVerified", "faultReverted", "detected", "replacedPods", "residue")
        .doesNotContain("load", "ledger", "baseline", "streams", "interruption", "availability");
    assertThat(verdict.status()).isEqualTo(Status.PASS);
  }

  @Test
  void residueFailsAndUnseenPlacesAreInconclusive() {
    var story = Story.healed().without(Event.ResidueAudited.class);
    assertThat(story.finding("residue").status()).isEqualTo(Status.INCONCLUSIVE);

    story.event(
        158, s -> new Event.ResidueAudited(s, List.of(), List.of(), List.of("node v is virtual")));
    assertThat(story.finding("residue").status()).isEqualTo(Status.PASS);
    assertThat(story.finding("residue").why().toString())
        .contains("not looked at, for no fault was there", "node v is virtual");
    story.event(160, s -> new Event.ResidueAudited(s, List.of(), List.of("node n1")));
    assertThat(story.finding("residue").status()).isEqualTo(Status.INCONCLUSIVE);

    story.event(
        165, s -> new Event.ResidueAudited(s, List.of("pod/llm/agent"), List.of("node n1")));
    assertThat(story.finding("residue").status()).isEqualTo(Status.FAIL);
    assertThat(story.expecting("detected: {within: 60s}").finding("residue").status())
        .isEqualTo(Status.FAIL);
  }
}
