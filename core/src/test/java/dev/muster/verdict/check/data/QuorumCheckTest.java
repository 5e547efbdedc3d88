package dev.muster.verdict.check.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.Story;
import dev.muster.verdict.finding.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuorumCheckTest {

  @Test
  void twoOfThreeMembersOnTheVictimLoseTheQuorum() {
    var finding =
        story("n1")
            .event(3, s -> new Event.EtcdChanged(s, "", 2, List.of("e-2"), List.of("e-0", "e-1")))
            .event(15, s -> new Event.EtcdChanged(s, "e-2", 3, ALL, List.of()))
            .finding("quorum");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.measured()).isEqualTo(12);
    assertThat(finding.why())
        .isEqualTo("etcd had no quorum for 12.0 s: 2 of its 3 members were on n1 (e-0, e-1)");
    assertThat(finding.evidence())
        .containsExactly(
            "from 3.0 s to 15.0 s after the fault no majority, in: e-2, silent: e-0 e-1");
  }

  @Test
  void aChangeOfTheLeaderIsNoLossOfTheQuorum() {
    var finding =
        story("n2")
            .event(3, s -> new Event.EtcdChanged(s, "", 2, List.of("e-1", "e-2"), List.of("e-0")))
            .event(
                5, s -> new Event.EtcdChanged(s, "e-2", 3, List.of("e-1", "e-2"), List.of("e-0")))
            .finding("quorum");
    assertThat(finding.status()).isEqualTo(Status.PASS);
  }

  @Test
  void membersThatWereOnNoVictimMayOnlyHaveBeenOutOfReach() {
    var story =
        story("n2")
            .event(3, s -> new Event.EtcdChanged(s, "", 2, List.of("e-2"), List.of("e-0", "e-1")));
    assertThat(
            story
                .event(4, s -> new Event.EtcdChanged(s, "e-2", 2, ALL, List.of()))
                .finding("quorum")
                .status())
        .isEqualTo(Status.PASS);
    story.without(e -> e.stamp().at().equals(Story.at(4)));
    assertThat(story.finding("quorum").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  /** They still see one another, and whoever looks does not see them. */
  @Test
  void aMajorityThatWasCutOffWithItsZoneMayHaveGoneOn() {
    var story = cut(story("n4"), "n1", "n4").setting("zone", "a", "node/n1");
    var finding = story.setting("zone", "a", "node/n4").finding("quorum");
    assertThat(finding.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(finding.why()).isEqualTo("most members of etcd did not answer for 12.0 s");
    assertThat(story.setting("zone", "b", "node/n4").finding("quorum").status())
        .isEqualTo(Status.FAIL);
  }

  private static Story cut(Story story, String... nodes) {
    story
        .doing(
            "{kind: NodeNetwork, peers: other-zones, mode: all, selector: {zone: a}, duration: 2m,"
                + " ttl: 4m}")
        .without(Event.FaultInjected.class);
    for (String node : nodes) {
      story.event(
          -0.1,
          s -> new Event.FaultInjected(s, "f-" + node, "NodeNetwork", ObjectRef.Node.parse(node)));
    }
    return story
        .event(3, s -> new Event.EtcdChanged(s, "", 2, List.of("e-2"), List.of("e-0", "e-1")))
        .event(15, s -> new Event.EtcdChanged(s, "e-2", 3, ALL, List.of()));
  }

  @Test
  void withoutALookOrAnExpectationNothingIsSaid() {
    assertThat(Story.healed().findings("quorum")).isEmpty();
    assertThat(story("n1").expecting("detected: {within: 60s}").findings("quorum")).isEmpty();
  }

  private static final List<String> ALL = List.of("e-0", "e-1", "e-2");

  /** e-0 is on the victim n1, e-1 on that node, e-2 on n3. */
  private static Story story(String node) {
    return Story.healed()
        .expecting("consistency: {etcd: equal}")
        .setting("pod", "n1", "Pod/llm/e-0")
        .setting("pod", node, "Pod/llm/e-1")
        .setting("pod", "n3", "Pod/llm/e-2")
        .event(-10, s -> new Event.EtcdChanged(s, "e-0", 2, ALL, List.of()));
  }
}
