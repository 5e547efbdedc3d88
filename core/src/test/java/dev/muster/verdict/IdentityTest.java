package dev.muster.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Change;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.ObjectRef.Pod;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.Trace.Source;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs in which names are alike and things are not. */
class IdentityTest {

  @Test
  void anotherWorkloadWhoseNameBeginsAlikeIsNotTheVictims() {
    var story =
        Story.healed()
            .setting("replicas", "1", "Deployment/llm/api")
            .setting("pod", "n1", "Pod/llm/api-docs-5d-x")
            .setting("controller", "Deployment/llm/api-docs", "Pod/llm/api-docs-5d-x")
            .setting("pod", "n2", "Pod/llm/api-7f-y")
            .setting("controller", "Deployment/llm/api", "Pod/llm/api-7f-y");
    assertThat(story.finding("redundancy").status()).isEqualTo(Status.PASS);

    story.setting("pod", "n1", "Pod/llm/api-7f-y");
    assertThat(story.finding("redundancy").status()).isEqualTo(Status.FAIL);
  }

  @Test
  void aPodOfTheSameNameThatWasKilledElsewhereExplainsNoMissingLine() {
    assertThat(reconciled("pod/other/w-a").status()).isEqualTo(Status.FAIL);
    assertThat(reconciled("pod/llm/w-a").status()).isEqualTo(Status.PASS);
  }

  /** An autoscaler's pod is Ready at 10 s, the one that takes the lost pod's place never. */
  @Test
  void onlyWhatTookTheLostPodsPlaceIsItsReplacement() {
    var story =
        Story.healed()
            .without(Milestone.REPLACEMENT_READY, Milestone.ENDPOINT_ADDED)
            .event(10, s -> change(s, "Deployment/llm/worker", Change.SCALED_UP));
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.FAIL);
  }

  /** The second of two nodes that were taken is never NotReady. */
  @Test
  void eachNodeThatWasTakenIsToBeDetected() {
    var story =
        Story.healed()
            .event(10, s -> new Event.FaultInjected(s, "f2", "NodeShutdown", node("n2")))
            .reached(10, Milestone.POWER_OFF, "node/n2")
            .event(11, s -> new Event.FaultVerified(s, "f2", Map.of("lease", "stopped")));
    assertThat(story.finding("detected").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("detected").why()).startsWith("node n2 was never seen NotReady");

    story.reached(55, Milestone.NODE_NOT_READY, "node/n2");
    assertThat(story.finding("detected").status()).isEqualTo(Status.PASS);
    assertThat(story.finding("detected").measured()).isEqualTo(50);
    assertThat(story.finding("detected").evidence()).hasSize(2);

    story.without(e -> e.stamp().at().equals(Story.at(55)));
    story.reached(80, Milestone.NODE_NOT_READY, "node/n2");
    assertThat(story.finding("detected").measured()).isEqualTo(70);
    assertThat(story.finding("detected").status()).isEqualTo(Status.FAIL);
  }

  /** A reboot that was over before anybody had to notice. */
  @Test
  void aNodeThatWasBackBeforeTheBoundNeedNotBeDetected() {
    var story =
        Story.healed()
            .event(10, s -> new Event.FaultInjected(s, "f2", "NodeShutdown", node("n2")))
            .event(11, s -> new Event.FaultVerified(s, "f2", Map.of("boot", "new")))
            .event(30, s -> new Event.FaultReverted(s, "f2", Map.of("power", "on")));
    assertThat(story.finding("detected").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("detected").why())
        .isEqualTo("node n2 was never seen NotReady, and its fault was over after 20.0 s");
  }

  /** worker-b was on n1 when the settings were read, and elsewhere when n1 was taken. */
  @Test
  void aPodThatMovedOffTheVictimDuringTheBaselineIsNotLost() {
    var story = Story.healed().setting("targetPod", "n1", "Pod/llm/worker-b");
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.FAIL);

    story.event(
        -0.3,
        s ->
            new Event.VictimHosts(s, node("n1"), List.of(ObjectRef.Pod.parse("pod/llm/worker-a"))));
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.PASS);
    assertThat(story.finding("recovered").status()).isEqualTo(Status.PASS);
  }

  /** One that came to the victim after the settings were read is lost, and never replaced. */
  @Test
  void aPodThatMovedToTheVictimIsLost() {
    var story =
        Story.healed()
            .event(
                -0.3,
                s ->
                    new Event.VictimHosts(
                        s,
                        node("n1"),
                        List.of(
                            ObjectRef.Pod.parse("pod/llm/worker-a"),
                            ObjectRef.Pod.parse("pod/llm/worker-new"))));
    assertThat(story.finding("replacedPods").why()).contains("1 of 2").contains("worker-new");
  }

  @Test
  void aStatefulSetsPodIsNotTheOneThatHadItsName() {
    var story =
        Story.healed()
            .setting("targetPod", "n1", "pod/llm/worker-a")
            .without(e -> e instanceof Event.MilestoneReached m && m.object() instanceof Pod)
            .reached(80.5, Milestone.POD_EVICTED, "pod/llm/worker-a#1")
            .reached(81, Milestone.REPLACEMENT_CREATED, "pod/llm/worker-a#2")
            .reached(93.5, Milestone.REPLACEMENT_READY, "pod/llm/worker-a#2");
    assertThat(story.finding("replacedPods").measured()).isEqualTo(93.5);
    assertThat(story.finding("replacedPods").status()).isEqualTo(Status.PASS);
  }

  private static ObjectRef.Node node(String name) {
    return new ObjectRef.Node(name, null);
  }

  private static Event change(Stamp stamp, String object, Change change) {
    return new Event.OutsideChange(stamp, ObjectRef.parse(object), change, Map.of());
  }

  private static Finding reconciled(String killed) {
    var story =
        Story.healed()
            .without(Event.FaultInjected.class)
            .expecting("reconciled: {unexplained: 0}")
            .event(
                0, s -> new Event.FaultInjected(s, "f1", "PodKill", ObjectRef.Victim.parse(killed)))
            .event(
                -25,
                s ->
                    new Event.PodsPlaced(
                        s,
                        Map.of(
                            ObjectRef.Pod.parse("pod/llm/w-a"), ObjectRef.Node.parse("node/n2"))))
            .requests(-20, -0.1, Outcome.COMPLETE)
            .requests(0, 139.9, Outcome.NOT_SENT)
            .traced("w-a")
            .withoutTraces(t -> t.source() == Source.LOG && t.pod().equals("w-a") && late(t.id()));
    return story.read(Source.USAGE, Source.LOG).finding("reconciled");
  }

  /** Answered in the last second before the kill: such lines go with their pod. */
  private static boolean late(String request) {
    return Double.parseDouble(request.substring(1)) >= -1;
  }
}
