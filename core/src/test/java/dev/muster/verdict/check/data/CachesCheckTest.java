package dev.muster.verdict.check.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Event.CachesChanged;
import dev.muster.timeline.Event.CachesChanged.Cache;
import dev.muster.timeline.Event.NotObserved;
import dev.muster.verdict.Story;
import dev.muster.verdict.coverage.Observations;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What gateways know of workers, against what etcd knows. */
class CachesCheckTest {
  private static final List<String> OLD = List.of("w-1", "w-2");
  private static final List<String> NEW = List.of("w-2", "w-3");

  private static Story seen(double at, List<String> registered, Cache... caches) {
    return seen(Story.healed().expecting("caches: {agreeWithin: 30s}"), at, registered, caches);
  }

  private static Story seen(Story story, double at, List<String> registered, Cache... caches) {
    return story.event(at, s -> new CachesChanged(s, registered, registered, List.of(caches)));
  }

  private static Cache knows(String pod, List<String> workers) {
    return new Cache(pod, workers, 42, null);
  }

  private static Cache deaf(String pod) {
    return new Cache(pod, List.of(), 0, "no answer within 3 s");
  }

  private static Finding finding(Story story) {
    return story.finding("caches");
  }

  @Test
  void gatewaysThatFollowInTimePass() {
    var story = seen(-20, OLD, knows("g-1", OLD), knows("g-2", OLD));
    seen(story, 50, NEW, knows("g-1", NEW), knows("g-2", OLD));
    seen(story, 55, NEW, knows("g-1", NEW), knows("g-2", NEW));
    assertThat(finding(story).status()).isEqualTo(Status.PASS);
    assertThat(finding(story).measured()).isEqualTo(5);
  }

  @Test
  void aGatewayWhoseWatchIsStuckFailsAndIsNamedWithWhatItKnows() {
    var story = seen(-20, OLD, knows("g-1", OLD), knows("g-2", OLD));
    seen(story, 150, NEW, knows("g-1", NEW), knows("g-2", OLD));
    assertThat(finding(story).status()).isEqualTo(Status.FAIL);
    assertThat(finding(story).why())
        .isEqualTo("g-2 still knows [w-1, w-2] of revision 42 where etcd knows [w-2, w-3]");
  }

  @Test
  void aGatewayThatFollowedTooLateFails() {
    var story = seen(-20, OLD, knows("g-1", OLD));
    seen(story, 50, NEW, knows("g-1", OLD));
    seen(story, 90, NEW, knows("g-1", NEW));
    assertThat(finding(story).status()).isEqualTo(Status.FAIL);
    assertThat(finding(story).why()).contains("40.0 s");
  }

  @Test
  void anotherChangeMeanwhileDoesNotBeginTheTimeAnew() {
    var story = seen(-20, OLD, knows("g-1", OLD));
    seen(story, 50, List.of("w-2"), knows("g-1", OLD));
    seen(story, 70, NEW, knows("g-1", OLD));
    seen(story, 85, NEW, knows("g-1", NEW));
    assertThat(finding(story).measured()).isEqualTo(35);
  }

  @Test
  void aGatewayThatIsAwayIsNotBlamedUnlessItStaysAway() {
    var story = seen(-20, OLD, knows("g-1", OLD), knows("g-2", OLD));
    seen(story, 50, NEW, knows("g-1", NEW), deaf("g-2"));
    assertThat(finding(story).status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(finding(story).why()).contains("g-2 did not tell what it knows: no answer");
    seen(story, 125, NEW, knows("g-1", NEW), knows("g-2", NEW));
    assertThat(finding(story).status()).isEqualTo(Status.PASS);
  }

  @Test
  void deadWorkersThatAreStillRegisteredAndNewOnesThatAreNotFail() {
    var story =
        Story.healed()
            .expecting("caches: {agreeWithin: 30s}")
            .event(150, s -> new CachesChanged(s, OLD, NEW, List.of(knows("g-1", OLD))));
    assertThat(finding(story).status()).isEqualTo(Status.FAIL);
    assertThat(finding(story).why())
        .isEqualTo("w-1 is still registered and no Ready worker; w-3 is Ready and not registered");
  }

  @Test
  void aRunThatWasAbortedGaveGatewaysNoTime() {
    var story = seen(-20, OLD, knows("g-1", OLD));
    seen(story, 50, NEW, knows("g-1", OLD));
    story.event(51, s -> new Event.RunAborted(s, "Ctrl-C"));
    assertThat(finding(story).status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void nobodyAskedIsInconclusiveWithTheReason() {
    var story = Story.healed().expecting("caches: {agreeWithin: 30s}");
    assertThat(finding(story).status()).isEqualTo(Status.INCONCLUSIVE);
    story.event(150, s -> new NotObserved(s, Observations.CACHES, "no port named debug"));
    assertThat(finding(story).why()).isEqualTo("no port named debug");
  }
}
