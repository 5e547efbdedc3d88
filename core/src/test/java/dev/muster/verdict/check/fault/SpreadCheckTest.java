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
