package dev.muster.load;

import static dev.muster.load.HostileServer.STREAM_HEAD;
import static dev.muster.load.HostileServer.answer;
import static dev.muster.load.HostileServer.prompt;
import static dev.muster.load.HostileServer.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.muster.drill.Arrivals;
import dev.muster.load.answer.Tokens;
import dev.muster.load.api.HttpChatClient;
import dev.muster.load.http.Loop;
import dev.muster.load.schedule.Schedule;
import dev.muster.load.schedule.TraceSchedule;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadGeneratorTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private final Queue<Request> ledger = new ConcurrentLinkedQueue<>();

  private static Schedule schedule(double perSecond, long seed) {
    return Schedule.of(Arrivals.poisson(perSecond), seed);
  }

  @Test
  void everyScheduledRequestHasOneRowWhateverTheServerDoes() throws Exception {
    long seed = RandomGenerator.getDefault().nextLong();
    var expected =
        Set.of(Outcome.COMPLETE, Outcome.TIMED_OUT, Outcome.HTTP_ERROR, Outcome.MALFORMED);
    var slot = new HostileServer[1];
    try (var server =
            new HostileServer((head, body, socket) -> {
              switch (Math.floorMod(prompt(body).hashCode() ^ seed, 7)) {
                case 0 -> {}
                case 1 -> slot[0].stall();
                case 2 -> send(socket, "garbage\r\n\r\n");
                case 3 -> answer(socket, 500, "{}");
                case 4 -> {
                  send(socket, STREAM_HEAD + Tokens.chunk("a"));
                  slot[0].stall();
                }
                case 5 -> {
                  send(socket, STREAM_HEAD + Tokens.chunk("a"));
                  HostileServer.reset(socket);
                }
                default -> send(socket, STREAM_HEAD + Tokens.stream(prompt(body), 20));
              }
            });
        var loop = new Loop("test-sockets")) {
      var client =
          new HttpChatClient(
              new HttpChatClient.Spec(
                  server.uri(), () -> null, true, 50, 20, Duration.ofSeconds(2), "m"),
              loop,
              CLOCK);
      slot[0] = server;
      var generator =
          new LoadGenerator(
              client, schedule(100, seed), CLOCK, _ -> false, ledger::add, "run", 100);
      generator.start();
      // on a busy machine most requests time out: it goes on until the server was met in all moods
      await()
          .atMost(Duration.ofSeconds(45))
          .until(() -> generator.stats().scheduled() > 300 && outcomes().containsAll(expected));
      var summary = generator.stop(Duration.ofMillis(200));
      var stats = generator.stats();
      assertThat(ledger).as("seed %d", seed).hasSize((int) summary.scheduled());
      assertThat(ledger.stream().map(Request::id).distinct()).hasSameSizeAs(ledger);
      assertThat(outcomes()).as("seed %d", seed).containsAll(expected);
      assertThat(stats.finished()).isEqualTo(stats.scheduled()).isEqualTo(summary.scheduled());
      assertThat(stats.ok()).isEqualTo(ledger.stream().filter(Request::answered).count());
      assertThat(stats.activeStreams()).isZero();
      // a busy machine leaves some unsent, which tell nothing of the server
      long told = ledger.stream().filter(row -> !row.ofGenerator()).count();
      assertThat(generator.errorRatio(Duration.ofMinutes(1)))
          .isCloseTo(1 - (double) stats.ok() / told, within(1e-9));
      assertThat(summary.seed()).isEqualTo(seed);
    }
  }

  private Set<Outcome> outcomes() {
    return ledger.stream().map(Request::outcome).collect(Collectors.toSet());
  }

  @Test
  void usersWaitForTheirAnswersAndGoOn() throws InterruptedException {
    var held = new Held();
    var generator = LoadGenerator.closed(held, 3, CLOCK, _ -> false, ledger::add, "r");
    generator.start();
    await().until(() -> generator.stats().activeStreams() == 3);
    assertThat(generator.stats().scheduled()).isEqualTo(3);
    held.release();
    await().until(() -> ledger.size() > 20);
    var summary = generator.stop(Duration.ofSeconds(5));
    assertThat(ledger).hasSize((int) summary.scheduled());
  }

  @Test
  void aScheduleThatEndsSendsNoMore() throws InterruptedException {
    var held = new Held();
    held.release();
    var trace = new TraceSchedule(new long[] {3_000_000, 1_000_000, 2_000_000}, 1);
    var generator = new LoadGenerator(held, trace, CLOCK, _ -> false, ledger::add, "r");
    generator.start();
    await().until(() -> ledger.size() == 3);
    assertThat(generator.stop(Duration.ofSeconds(5)).scheduled()).isEqualTo(3);
  }

  @Test
  void slowAnswersDoNotSlowTheArrivals() throws InterruptedException {
    var held = new Held();
    var generator = new LoadGenerator(held, schedule(500, 1), CLOCK, _ -> false, ledger::add, "r");
    generator.start();
    await().until(() -> generator.stats().activeStreams() > 200);
    assertThat(ledger).isEmpty();
    held.release();
    var summary = generator.stop(Duration.ofSeconds(5));
    var intended = ledger.stream().map(Request::intended).sorted().toList();
    var offsets = schedule(500, 1).offsetsNanos().limit(summary.scheduled()).toArray();
    assertThat(intended).hasSameSizeAs(ledger).hasSize(offsets.length);
    for (int n = 0; n < offsets.length; n++) {
      assertThat(Duration.between(intended.getFirst(), intended.get(n)).toNanos())
          .isEqualTo(offsets[n] - offsets[0]);
    }
  }

  @Test
  void beyondTheBoundRequestsAreNotSentAndSaySo() throws InterruptedException {
    var held = new Held();
    var generator =
        new LoadGenerator(held, schedule(500, 1), CLOCK, _ -> false, ledger::add, "r", 10);
    generator.start();
    await().until(() -> ledger.size() > 50);
    assertThat(generator.stats().activeStreams()).isEqualTo(10);
    assertThat(ledger)
        .allSatisfy(row -> {
          assertThat(row.outcome()).isEqualTo(Outcome.NOT_SENT);
          assertThat(row.detail()).contains("10 in flight");
          assertThat(row.sent()).isNull();
        });
    held.release();
    assertThat(ledger)
        .hasSizeLessThanOrEqualTo((int) generator.stop(Duration.ofSeconds(5)).scheduled());
  }

  @Test
  void aClientThatFailsStillLeavesRows() throws InterruptedException {
    var generator =
        new LoadGenerator(new Failing(), schedule(500, 1), CLOCK, _ -> false, ledger::add, "r");
    generator.start();
    await().until(() -> ledger.size() > 20);
    var summary = generator.stop(Duration.ofSeconds(5));
    assertThat(ledger).hasSize((int) summary.scheduled());
    assertThat(ledger).extracting(Request::outcome).containsOnly(Outcome.NOT_SENT);
  }

  /** Only what a late client cannot tell from its own fault is not the service's. */
  @Test
  void whatFailsWhileTheGeneratorIsLateBlamesNobody() throws InterruptedException {
    for (var outcome : Outcome.values()) {
      ledger.clear();
      ChatClient client =
          (id, intended, ended) -> {
            var row = new Row(id, true, true, intended);
            row.sent(CLOCK.instant());
            ended.accept(row.ended(CLOCK.instant(), outcome, "why"));
            return () -> {};
          };
      var generator =
          new LoadGenerator(client, schedule(500, 1), CLOCK, _ -> true, ledger::add, "r");
      generator.start();
      await().until(() -> !ledger.isEmpty());
      generator.stop(Duration.ofSeconds(5));
      boolean ours = outcome == Outcome.TIMED_OUT || outcome == Outcome.CONNECTION_FAILED;
      assertThat(ledger)
          .extracting(Request::outcome)
          .containsOnly(ours ? Outcome.GENERATOR_LATE : outcome);
      assertThat(ledger.element().detail()).isEqualTo(ours ? outcome + ": why" : "why");
    }
  }

  @Test
  void aLedgerThatCanNotWriteIsReported() {
    var generator =
        new LoadGenerator(
            new Failing(),
            schedule(500, 1),
            CLOCK,
            _ -> false,
            row -> {
              throw new IllegalStateException("disk full");
            },
            "r");
    generator.start();
    await().until(() -> generator.stats().finished() > 3);
    assertThatThrownBy(() -> generator.stop(Duration.ofSeconds(1))).hasMessage("disk full");
  }

  private static final class Held implements ChatClient {
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    private volatile boolean released;

    @Override
    public Sending send(String id, Instant intended, Consumer<Request> ended) {
      var row = new Row(id, true, true, intended);
      row.sent(CLOCK.instant());
      held.add(() -> ended.accept(row.ended(CLOCK.instant(), Outcome.TIMED_OUT, "held")));
      if (released) {
        release();
      }
      return () -> {};
    }

    void release() {
      released = true;
      for (Runnable each; (each = held.poll()) != null; ) {
        each.run();
      }
    }
  }

  private record Failing() implements ChatClient {
    @Override
    public Sending send(String id, Instant intended, Consumer<Request> ended) {
      throw new IllegalStateException("a bug");
    }
  }
}
