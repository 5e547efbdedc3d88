package dev.muster.verdict.check.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.verdict.Story;
import dev.muster.verdict.finding.Status;
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
