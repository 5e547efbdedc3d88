package dev.muster.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Event.EtcdChanged;
import dev.muster.timeline.Event.EtcdHashed;
import dev.muster.timeline.Event.EtcdHashed.Member;
import dev.muster.timeline.Event.NotObserved;
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
  void equal_hashes_pass() {
    var finding = members(member("a", "7"), member("b", "7"), member("c", "7")).finding("etcd");
    assertThat(finding.status()).isEqualTo(Status.PASS);
    assertThat(finding.why()).isEqualTo("all 3 members have the same hash at revision 42");
  }

  @Test
  void the_member_that_differs_from_the_majority_fails_and_is_named() {
    var finding = members(member("a", "7"), member("b", "9"), member("c", "7")).finding("etcd");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.measured()).isEqualTo(1);
    assertThat(finding.why()).isEqualTo("at revision 42 b has hash 9 of 9 keys");
  }

  @Test
  void without_a_majority_all_are_named() {
    var finding = members(member("a", "7"), member("b", "9")).finding("etcd");
    assertThat(finding.why()).contains("a has hash 7").contains("b has hash 9");
  }

  @Test
  void
      a_member_with_an_older_state_after_the_same_log_fails_although_its_hash_is_of_the_same_past() {
    var old = new Member("b", "7", 9, 40, 50, null);
    var finding = members(member("a", "7"), old, member("c", "7")).finding("etcd");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.why())
        .isEqualTo("at revision 42 b is at revision 40 after the same 50 entries of the log");
  }

  @Test
  void a_member_that_does_not_catch_up_fails() {
    var behind = new Member("b", null, 0, 30, 31, "did not catch up within 15 s");
    var finding = members(member("a", "7"), behind, member("c", "7")).finding("etcd");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.why()).contains("b is at revision 30: did not catch up within 15 s");
  }

  @Test
  void a_member_that_was_lost_and_is_not_back_fails_and_one_that_is_only_deaf_to_us_does_not() {
    var story = members(member("a", "7"), member("b", null), member("c", "7"));
    assertThat(story.finding("etcd").status()).isEqualTo(Status.INCONCLUSIVE);
    seen(story, 3, "a", "a c", "b");
    assertThat(story.finding("etcd").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("etcd").why()).contains("b is not back in: connection refused");
    seen(story, 130, "a", "a b c", "");
    assertThat(story.finding("etcd").status()).isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void a_member_that_nobody_knows_any_more_fails() {
    var story = members(member("a", "7"), member("c", "7"));
    seen(story, -10, "a", "a b c", "");
    assertThat(story.finding("etcd").why()).isEqualTo("at revision 42 b was a member and is gone");
  }

  @Test
  void leaders_and_the_time_without_one_are_told() {
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
  void what_is_not_back_after_an_abort_is_no_failure_and_a_wrong_hash_is() {
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
  void nobody_asked_is_inconclusive_with_the_reason() {
    var story = Story.healed().expecting("consistency: {etcd: equal}");
    assertThat(story.finding("etcd").status()).isEqualTo(Status.INCONCLUSIVE);
    story.event(150, s -> new NotObserved(s, Told.ETCD, "no pod is an etcd"));
    assertThat(story.finding("etcd").why()).isEqualTo("no pod is an etcd");
  }
}
