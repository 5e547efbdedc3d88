package dev.muster.verdict.check.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.Story;
import dev.muster.verdict.finding.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadCheckTest {

  @Test
  void replicasInAnotherZoneAndAnswersMeanwhileAreAPass() {
    var finding = story().finding("spread");
    assertThat(finding.why())
        .isEqualTo(
            "every workload of the service had a ready replica outside zone a, and 1199 of 1199"
                + " requests sent while it was away were answered");
    assertThat(finding.status()).isEqualTo(Status.PASS);
    assertThat(finding.evidence()).containsExactly("Deployment/llm/worker {a=1, b=1}");
  }

  @Test
  void aWorkloadOfOneZoneFailsThoughClientsNoticedNothing() {
    var finding = story().setting("zone", "a", "node/n2").finding("spread");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.why())
        .startsWith("Deployment/llm/worker had no ready replica outside zone a:");
  }

  @Test
  void aReplicaElsewhereThatIsNotReadyKeepsNothing() {
    var finding = story().setting("ready", "false", "pod/llm/worker-b").finding("spread");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.why()).contains("worker had no ready replica outside zone a");
  }

  @Test
  void aReplicaThatHadMovedIntoTheZoneByTheTimeOfTheFaultIsLostWithIt() {
    var finding =
        story()
            .without(Event.VictimHosts.class)
            .event(-0.3, s -> hosts(s, "n1", "worker-a", "worker-b"))
            .finding("spread");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
  }

  @Test
  void aServiceWithoutAnyAnswerWasNotThere() {
    var finding = story().requests(0, 119.9, Outcome.CONNECTION_FAILED).finding("spread");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.why())
        .isEqualTo("none of the 1199 requests sent while zone a was away was answered");
  }

  @Test
  void withoutALoadThePlacesOfTheReplicasAreWhatIsLeft() {
    var story = story().withoutLoad().expecting("zone: {survives: true}");
    assertThat(story.finding("spread").status()).isEqualTo(Status.PASS);
    assertThat(story.finding("spread").why()).endsWith("had a ready replica outside zone a");
  }

  @Test
  void aZoneOfWhichANodeStayedProvesNothing() {
    var finding =
        story()
            .setting("zone", "a", "node/n3")
            .setting("targetPod", "n3", "pod/llm/worker-d")
            .setting("controller", "Deployment/llm/worker", "pod/llm/worker-d")
            .finding("spread");
    assertThat(finding.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(finding.why())
        .contains(
            "zone a was not lost as a whole: pod/llm/worker-d was on n3, which no fault took");
  }

  @Test
  void whatNobodyToldIsNoPass() {
    assertThat(story().without(SpreadCheckTest::zone).finding("spread").why())
        .isEqualTo("in which zones the nodes that faults took were was not told");
    assertThat(story().setting("zone", "", "node/n1").finding("spread").status())
        .isEqualTo(Status.INCONCLUSIVE);
    assertThat(story().without(Event.VictimHosts.class).finding("spread").why())
        .isEqualTo("what was on n1 when it was taken was not told");
    assertThat(story().without(Event.FaultReverting.class).finding("spread").why())
        .isEqualTo("when the nodes of zone a were given back was not told");
    assertThat(story().setting("replicas", "3", "Deployment/llm/api").finding("spread").why())
        .isEqualTo("where the pods of Deployment/llm/api were was not told");
    var silent = story();
    silent.withoutRequests(0, 119.95);
    assertThat(silent.finding("spread").why())
        .isEqualTo("no request was sent while zone a was away");
  }

  /** The look of the preflight is minutes old when the zone is taken. */
  @Test
  void whoWasReadyIsAskedOfTheMomentOfTheFault() {
    var fell = seen(seen(story(), -20, "worker-a", true), -20, "worker-b", true);
    seen(fell, -5, "worker-b", false);
    assertThat(fell.finding("spread").status()).isEqualTo(Status.FAIL);
    assertThat(fell.finding("spread").why()).contains("no ready replica outside zone a");
    var later = seen(seen(story(), -20, "worker-a", true), -20, "worker-b", true);
    seen(later, 5, "worker-b", false);
    assertThat(later.finding("spread").status()).isEqualTo(Status.PASS);
    var rose = seen(seen(story(), -20, "worker-a", true), -5, "worker-b", true);
    rose.setting("ready", "false", "pod/llm/worker-b");
    assertThat(rose.finding("spread").status()).isEqualTo(Status.PASS);
  }

  @Test
  void aPodOfWhichTheWatchToldNothingIsNoReplica() {
    var finding = seen(story(), -20, "worker-a", true).finding("spread");
    assertThat(finding.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(finding.why())
        .isEqualTo("where the pods of Deployment/llm/worker were was not told");
  }

  @Test
  void aReplicaThatCameAfterThePreflightMayHaveBeenAnywhere() {
    var story = seen(seen(story(), -20, "worker-a", true), -20, "worker-b", true);
    var finding = seen(story, -5, "worker-d", true).finding("spread");
    assertThat(finding.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(finding.why())
        .isEqualTo("in which zone pod/llm/worker-d was when zone a was taken was not told");
    // what is not Ready serves nobody, wherever it is
    assertThat(seen(story, -4, "worker-d", false).finding("spread").status())
        .isEqualTo(Status.PASS);
  }

  @Test
  void aReplicaThatAnotherFaultHeldMeanwhileIsNotLeft() {
    var finding = taken(story(), "f2", "n2", 50, 100, "worker-b").finding("spread");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.why()).contains("worker had no ready replica outside zone a:");
    assertThat(taken(story(), "f2", "n2", 130, 135, "worker-b").finding("spread").status())
        .isEqualTo(Status.PASS);
  }

  @Test
  void untilWhenAnotherFaultHeldAReplicaMustBeTold() {
    var story =
        taken(story(), "f2", "n2", 50, 100, "worker-b")
            .without(e -> e instanceof Event.FaultReverting r && r.fault().equals("f2"));
    assertThat(story.finding("spread").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("spread").why())
        .contains(
            "whether pod/llm/worker-b was there while zone a was away is not known: until when a"
                + " fault held n2 was not told");
  }

  @Test
  void nodesThatWereAwayOneAfterTheOtherAreNoLostZone() {
    var story = taken(story().setting("zone", "a", "node/n3"), "f2", "n3", 125, 130);
    assertThat(story.finding("spread").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(story.finding("spread").why())
        .isEqualTo("the nodes of zone a that faults took were never away together");
  }

  @Test
  void whereNobodyWatchedPodsWhenTheZoneWasTakenNothingIsProven() {
    for (String zone : List.of("a", "b")) {
      var story = story().setting("zone", zone, "node/n2");
      story.event(-2, s -> new Event.ObservationLost(s, "watch of Pod", "closed"));
      story.event(3, s -> new Event.ObservationResumed(s, "watch of Pod"));
      assertThat(story.finding("spread").status()).isEqualTo(Status.INCONCLUSIVE);
      assertThat(story.finding("spread").why())
          .contains("pods were not watched when zone a was taken");
    }
  }

  /** Answers before and after a time without requests prove nothing of that time. */
  @Test
  void aLoadWithAHoleProvesNothing() {
    assertThat(story().withoutRequests(10, 110).finding("spread").status())
        .isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void whatIsNotAskedIsNotJudged() {
    assertThat(story().expecting("residue: none").findings("spread")).isEmpty();
  }

  /** Worker a on n1 in zone a, which is taken, worker b on n2 in zone b; no api wanted. */
  private static Story story() {
    return Story.healed()
        .expecting("zone: {survives: true}")
        .setting("replicas", "2", "Deployment/llm/worker")
        .setting("replicas", "0", "Deployment/llm/api")
        .setting("zone", "a", "node/n1")
        .setting("zone", "b", "node/n2")
        .event(-0.3, s -> hosts(s, "n1", "worker-a"));
  }

  private static Story seen(Story story, double at, String pod, boolean ready) {
    return story.event(
        at,
        s ->
            new Event.PodSeen(
                s,
                ObjectRef.Pod.parse("pod/llm/" + pod),
                ObjectRef.parse("Deployment/llm/worker"),
                "1",
                ready));
  }

  /** One node more is taken, from and to those seconds. */
  private static Story taken(
      Story story, String fault, String node, double from, double to, String... pods) {
    return story
        .event(from - 0.1, s -> hosts(s, node, pods))
        .event(
            from,
            s -> new Event.FaultInjected(s, fault, "NodeShutdown", ObjectRef.Node.parse(node)))
        .event(to, s -> new Event.FaultReverting(s, fault, "duration is over"));
  }

  private static Event hosts(Stamp stamp, String node, String... pods) {
    return new Event.VictimHosts(
        stamp,
        ObjectRef.Node.parse(node),
        List.of(pods).stream().map(p -> ObjectRef.Pod.parse("pod/llm/" + p)).toList());
  }

  private static boolean zone(Event event) {
    return event instanceof Event.SettingObserved s && s.name().equals("zone");
  }
}
