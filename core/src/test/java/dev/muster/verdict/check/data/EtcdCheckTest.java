package dev.muster.verdict.check.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Event.EtcdChanged;
import dev.muster.timeline.Event.EtcdHashed;
import dev.muster.timeline.Event.EtcdHashed.Member;
import dev.muster.timeline.Event.NotObserved;
import dev.muster.verdict.Story;
import dev.muster.verdict.coverage.Observations;
import dev.muster.verdict.finding.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The members' data at the end. */
class EtcdCheckTest {

  private static Member member(String name, @Nullable String hash) {
    return hash == null
        ? new Member(name, null, 0, 0, 0, "connection refused")
        : new Member(name, hash, 9, 42, 50, null);
  }

  private static Story members(Member... members) {
    return Story.healed()
        .expecting("consistency: {etcd: equal}")
        .event(150, s -> new EtcdHashed(s, 42, List.of(members)));
  }

  private static Story seen(Story story, double at, String leader, String in, String silent) {
    return story.event(
        at,
        s ->
            new EtcdChanged(
                s,
                leader,
                2,
                List.of(in.split(" ", -1)),
                silent.isEmpty() ? List.of() : List.of(silent)));
  }

  @Test
  void equalHashesPass() {
    var finding = members(member("a", "7"), member("b", "7"), member("c", "7")).finding("etcd");
    assertThat(finding.status()).isEqualTo(Status.PASS);
    assertThat(finding.why()).isEqualTo("all 3 members have the same hash at revision 42");
  }

  @Test
  void theMemberThatDiffersFromTheMajorityFailsAndIsNamed() {
    var finding = members(member("a", "7"), member("b", "9"), member("c", "7")).finding("etcd");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.measured()).isEqualTo(1);
    assertThat(finding.why()).isEqualTo("at revision 42 b has hash 9 of 9 keys");
  }

  @Test
  void withoutAMajorityAllAreNamed() {
    var finding = members(member("a", "7"), member("b", "9")).finding("etcd");
    assertThat(finding.why()).contains("a has hash 7").contains("b has hash 9");
  }

  @Test
  void aMemberWithAnOlderStateAfterTheSameLogFailsAlthoughItsHashIsOfTheSamePast() {
    var old = new Member("b", "7", 9, 40, 50, null);
    var finding = members(member("a", "7"), old, member("c", "7")).finding("etcd");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.why())
        .isEqualTo("at revision 42 b is at revision 40 after the same 50 entries of the log");
  }

  @Test
  void aMemberThatDoesNotCatchUpFails() {
    var behind = new Member("b", null, 0, 30, 31, "did not catch up within 15 s");
    var finding = members(member("a", "7"), behind, member("c", "7")).finding("etcd");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.why()).contains("b is at revision 30: did not catch up within 15 s");
  }

  @Test
  void aMemberThatWasLostAndIsNotBackFailsAndOneThatIsOnlyDeafToUsDoesNot() {
    var story = members(member("a", "7"), member("b", null), member("c", "7"));
    assertThat(story.finding("etcd").status()).isEqualTo(Status.INCONCLUSIVE);
    seen(story, 3, "a", "a c", "b");
    assertThat(story.finding("etcd").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("etcd").why()).contains("b is not back in: connection refused");
    seen(story, 130, "a", "a b c", "");
    assertThat(story.finding("etcd").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aMemberThatNobodyKnowsAnyMoreFails() {
    var story = members(member("a", "7"), member("c", "7"));
    seen(story, -10, "a", "a b c", "");
    assertThat(story.finding("etcd").why()).isEqualTo("at revision 42 b was a member and is gone");
  }

  @Test
  void leadersAndTheTimeWithoutOneAreTold() {
    var story = members(member("a", "7"), member("b", "7"), member("c", "7"));
    seen(story, -10, "a", "a b c", "");
    seen(story, 4, "", "b c", "a");
    seen(story, 10, "b", "b c", "a");
    seen(story, 125, "b", "a b c", "");
    var finding = story.finding("etcd");
    assertThat(finding.status()).isEqualTo(Status.PASS);
    assertThat(finding.why())
        .endsWith("; during the run the leader changed once and no leader was seen for 6 s");
    assertThat(finding.evidence())
        .contains("4.0 s (at most 0.0 s earlier): no leader, in: b c, silent: a");
  }

  @Test
  void whatIsNotBackAfterAnAbortIsNoFailureAndAWrongHashIs() {
    var story =
        members(member("a", "7"), member("b", null), member("c", "7"))
            .event(100, s -> new Event.RunAborted(s, "Ctrl-C"));
    seen(story, 3, "a", "a c", "b");
    assertThat(story.finding("etcd").status()).isEqualTo(Status.INCONCLUSIVE);
    var wrong =
        members(member("a", "7"), member("b", "9"), member("c", "7"))
            .event(100, s -> new Event.RunAborted(s, "Ctrl-C"));
    assertThat(wrong.finding("etcd").status()).isEqualTo(Status.FAIL);
  }

  @Test
  void nobodyAskedIsInconclusiveWithTheReason() {
    var story = Story.healed().expecting("consistency: {etcd: equal}");
    assertThat(story.finding("etcd").status()).isEqualTo(Status.INCONCLUSIVE);
    story.event(150, s -> new NotObserved(s, Observations.ETCD, "no pod is an etcd"));
    assertThat(story.finding("etcd").why()).isEqualTo("no pod is an etcd");
  }
}
