package dev.muster.verdict.check.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Change;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.Story;
import dev.muster.verdict.finding.Status;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvictionsCheckTest {

  @Test
  void threeOfFourNodesStopEvictionsInASmallZone() {
    var finding = zones("aaaabbcc").lost("n2").lost("n3").story.finding("evictions");
    assertThat(finding.status()).isEqualTo(Status.PASS);
    assertThat(finding.why())
        .isEqualTo(
            "zone a was partly disrupted (3 of 4 nodes not Ready) and has no more than 50 nodes"
                + " (large-cluster-size-threshold): evictions from further nodes of it were"
                + " stopped; concluded from the nodes' conditions and the defaults of"
                + " kube-controller-manager");
  }

  @Test
  void aWholeZoneIsEvictedAsUsual() {
    assertThat(zones("aabbcc").lost("n2").story.finding("evictions").why())
        .startsWith(
            "zone a was fully disrupted and another was not (2 of 2 nodes not Ready): evictions"
                + " from one node more every 10 s;");
  }

  @Test
  void twoOfThreeAreAsGoodAsNone() {
    assertThat(zones("aaabbb").lost("n2").story.finding("evictions").why())
        .startsWith("zone a counted as normal with 2 of 3 nodes not Ready");
  }

  @Test
  void nothingIsEvictedWithoutAnyReadyNode() {
    assertThat(zones("ab").lost("n2").story.finding("evictions").why())
        .startsWith("all zones were fully disrupted: no node was tainted NoExecute");
    assertThat(zones("ab").story.setting("ready", "false", "node/n2").finding("evictions").why())
        .startsWith("all zones were fully disrupted");
  }

  /** One that is back when the next one is lost does not count with it. */
  @Test
  void theWorstMomentCounts() {
    var story = zones("aaab").story;
    story.reached(130, Milestone.NODE_NOT_READY, "node/n2");
    story.reached(135, Milestone.NODE_READY, "node/n2");
    story.reached(136, Milestone.NODE_NOT_READY, "node/n3");
    assertThat(story.finding("evictions").why())
        .startsWith("zone a counted as normal with 1 of 3 nodes not Ready");
  }

  @Test
  void nodesWithoutAZoneAreOneTogether() {
    var story = zones("abc").story;
    story.without(e -> e instanceof Event.SettingObserved s && s.name().equals("zone"));
    for (int n = 1; n <= 4; n++) {
      story.setting("zone", "", "node/n" + n);
    }
    story.reached(51, Milestone.NODE_NOT_READY, "node/n2");
    story.reached(51, Milestone.NODE_NOT_READY, "node/n3");
    assertThat(story.finding("evictions").why())
        .startsWith("zone \"\" was partly disrupted (3 of 4 nodes not Ready)");
  }

  @Test
  void nodesThatOthersTookCountToo() {
    var story = zones("aaab").lost("n2").story;
    outside(story, 60, "n3", Change.NOT_READY);
    assertThat(story.finding("evictions").why())
        .startsWith("zone a was fully disrupted and another was not (3 of 3 nodes not Ready)");
    outside(story, 51, "n3", Change.READY);
    story.without(e -> e instanceof Event.OutsideChange c && c.change() == Change.NOT_READY);
    outside(story, -10, "n3", Change.NOT_READY);
    assertThat(story.finding("evictions").why())
        .startsWith("zone a counted as normal with 2 of 3 nodes not Ready");
  }

  @Test
  void aNodeThatIsGoneIsNoneOfItsZone() {
    var story = zones("aaab").lost("n2").story;
    outside(story, 20, "n3", Change.GONE);
    assertThat(story.finding("evictions").why())
        .startsWith("zone a was fully disrupted and another was not (2 of 2 nodes not Ready)");
  }

  /** Most nodes of one are away when others of another are back. */
  @Test
  void eachZoneHasItsOwnWorstMoment() {
    var story = zones("abbbbbcc").story.without(Milestone.NODE_READY);
    for (int n = 2; n <= 4; n++) {
      story.reached(60, Milestone.NODE_NOT_READY, "node/n" + n);
      story.reached(70, Milestone.NODE_READY, "node/n" + n);
    }
    story.reached(80, Milestone.NODE_NOT_READY, "node/n7");
    story.reached(80, Milestone.NODE_NOT_READY, "node/n8");
    assertThat(story.finding("evictions").why())
        .contains(
            "zone b was partly disrupted (3 of 5 nodes not Ready)",
            "zone c was fully disrupted and another was not (2 of 2 nodes not Ready)");
  }

  @Test
  void whereNodesWereNotWatchedAllTheTimeNothingIsConcluded() {
    for (String what : new String[] {"watch of Node", "api-server"}) {
      var story = zones("aabbcc").lost("n2").story;
      story.event(40, s -> new Event.ObservationLost(s, what, "closed"));
      story.event(45, s -> new Event.ObservationResumed(s, what));
      assertThat(story.findings("evictions")).isEmpty();
    }
  }

  private static void outside(Story story, double at, String node, Change change) {
    story.event(at, s -> new Event.OutsideChange(s, ObjectRef.Node.parse(node), change, Map.of()));
  }

  @Test
  void whereNobodyToldTheZonesOrNoNodeWasLostNothingIsSaid() {
    assertThat(Story.healed().findings("evictions")).isEmpty();
    var story = zones("ab").story.without(Milestone.NODE_NOT_READY);
    assertThat(story.findings("evictions")).isEmpty();
  }

  private record Lost(Story story) {
    Lost lost(String node) {
      return new Lost(story.reached(52, Milestone.NODE_NOT_READY, "node/" + node));
    }
  }

  /**
   * n1 is lost from 50 s on.
   *
   * @param letters the zone of n1, n2 and so on
   */
  private static Lost zones(String letters) {
    var story = Story.healed();
    for (int i = 0; i < letters.length(); i++) {
      story.setting("zone", letters.substring(i, i + 1), "node/n" + (i + 1));
    }
    return new Lost(story);
  }
}
