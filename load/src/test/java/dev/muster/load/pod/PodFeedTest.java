package dev.muster.load.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.assertj.core.data.TemporalUnitOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PodFeedTest {
  private static final TemporalUnitOffset DRIFTED = within(10, ChronoUnit.MICROS);
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  /** The pod's clock is behind by so much. */
  private static final Duration BEHIND = Duration.ofSeconds(7);

  private final List<Request> home = new ArrayList<>();
  private final List<Duration> off = new ArrayList<>();
  private final PodFeed feed =
      new PodFeed(
          1,
          (row, by) -> {
            home.add(row);
            off.add(by);
          });

  private static Request row(long n) {
    var at = NOW.minus(BEHIND).plusMillis(100 * n);
    return new Request(
        "r-" + n,
        true,
        at,
        at,
        null,
        null,
        null,
        null,
        at,
        0,
        0,
        List.of(),
        1,
        0,
        0,
        Outcome.CONNECTION_FAILED,
        "",
        null);
  }

  private static PodReply reply(
      String instance, long scheduled, long first, int rows, PodReply.@Nullable End end) {
    var there = NOW.minus(BEHIND);
    return new PodReply(
        instance,
        1,
        there,
        there,
        true,
        scheduled,
        first,
        LongStream.range(first, first + rows).mapToObj(PodFeedTest::row).toList(),
        end);
  }

  private static PodReply.End end(long rows) {
    return new PodReply.End(rows, List.of(), "", List.of(), null);
  }

  private void take(PodReply reply) {
    feed.take(reply, NOW.minusMillis(4), NOW.plusMillis(4));
  }

  @Test
  void rowsComeOnceInTheirOrderAndOnTheEnginesClock() {
    take(reply("a", 5, 0, 3, null));
    take(reply("a", 5, 0, 3, null)); // its answer to the first question was lost
    take(reply("a", 5, 2, 3, null));
    assertThat(feed.wanted()).isEqualTo(5);
    assertThat(feed.over()).isFalse();
    take(reply("a", 5, 5, 0, end(5)));
    assertThat(feed.whole()).isTrue();
    assertThat(home).extracting(Request::id).containsExactly("r-0", "r-1", "r-2", "r-3", "r-4");
    // less what the clocks may have drifted apart within an exchange of 8 ms
    assertThat(home.getFirst().intended()).isCloseTo(NOW, DRIFTED);
    assertThat(home.getLast().ended()).isCloseTo(NOW.plusMillis(400), DRIFTED);
    assertThat(feed.uncertainty()).isCloseTo(Duration.ofMillis(4), Duration.ofNanos(10_000));
    assertThat(off)
        .allSatisfy(
            each -> assertThat(each).isCloseTo(Duration.ofMillis(4), Duration.ofNanos(10_000)));
  }

  @Test
  void aHoleIsALoss() {
    take(reply("a", 3, 0, 3, null));
    take(reply("a", 9, 5, 4, null));
    assertThat(feed.why()).isEqualTo("2 of its rows were dropped before they were fetched");
    assertThat(home).hasSize(3);
    take(reply("a", 9, 3, 6, end(9)));
    assertThat(feed.whole()).as("lost is lost").isFalse();
  }

  @Test
  void oneThatWasStartedAnewHasForgottenItsRows() {
    take(reply("a", 3, 0, 3, null));
    take(reply("b", 0, 0, 0, null));
    assertThat(feed.why()).isEqualTo("it was started anew, and has forgotten what it sent");
  }

  @Test
  void anEndWithoutAllRowsIsNone() {
    take(reply("a", 9, 0, 3, end(9)));
    assertThat(feed.over()).as("more are to come").isFalse();
    take(reply("a", 9, 3, 5, end(8)));
    assertThat(feed.why()).isEqualTo("it has 8 rows of 9 requests that were scheduled");
  }

  @Test
  void oneThatNeverBeganOrFailedOrHasAnotherPartIsLost() {
    var there = NOW.minus(BEHIND);
    take(new PodReply("a", 1, there, there, false, 0, 0, List.of(), end(0)));
    assertThat(feed.why()).isEqualTo("it was never told to begin");
    var other = new PodFeed(2, (_, _) -> {});
    other.take(reply("a", 1, 0, 1, null), NOW, NOW);
    assertThat(other.why()).isEqualTo("it has part 1 of the schedule, not 2");
    var failed = new PodFeed(1, (_, _) -> {});
    failed.take(
        reply("a", 1, 0, 1, new PodReply.End(1, List.of(), "", List.of(), "no room")), NOW, NOW);
    assertThat(failed.why()).isEqualTo("its rows are not all there: no room");
  }

  @Test
  void anOutboxKeepsWhatIsNotHomeAndTellsWhatItDropped() {
    var outbox = new Outbox(10);
    LongStream.range(0, 8).forEach(n -> outbox.add(row(n)));
    assertThat(outbox.from(0, 3).rows())
        .extracting(Request::id)
        .containsExactly("r-0", "r-1", "r-2");
    assertThat(outbox.from(0, 99).rows()).hasSize(8);
    assertThat(outbox.from(5, 99).first()).isEqualTo(5);
    LongStream.range(8, 20).forEach(n -> outbox.add(row(n)));
    assertThat(outbox.count()).isEqualTo(20);
    assertThat(outbox.from(5, 99).first()).as("5 to 9 are gone").isEqualTo(10);
    assertThat(outbox.from(20, 99).rows()).isEmpty();
  }
}
