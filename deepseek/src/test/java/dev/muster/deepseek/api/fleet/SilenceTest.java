package dev.muster.deepseek.api.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.deepseek.wire.etcd.Registration;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Milliseconds everywhere; the clock begins near its overflow, as it may. */
class SilenceTest {
  private static final long MILLI = 1_000_000;
  private static final long BEGIN = Long.MAX_VALUE - 1_000 * MILLI;
  private final AtomicLong nanos = new AtomicLong(BEGIN);
  private final Patience patience =
      new Patience(
          Duration.ofMillis(1500),
          Duration.ofSeconds(3),
          Duration.ofSeconds(5),
          2_000,
          Duration.ofMinutes(10));
  private final Member worker =
      new Member(new Registration("w", "10.0.0.1:8000", "ready"), nanos.get());

  private Silence silence(long prompts) {
    return new Silence(patience, worker, () -> 0, nanos::get, prompts);
  }

  private void at(long millis) {
    nanos.set(BEGIN + millis * MILLI);
  }

  private static long millis(Silence silence) {
    return (silence.deadline() - BEGIN) / MILLI;
  }

  private void knownPace() {
    for (int i = 0; i < 32; i++) {
      worker.pace().gap(20 * MILLI);
    }
  }

  @Test
  void theFirstTokenIsWaitedForByWhatThereIsToRead() {
    assertThat(millis(silence(0))).isEqualTo(5_000);
    assertThat(millis(silence(10_000))).isEqualTo(10_000);
  }

  @Test
  void commentsAreLifeOnlyUpToTheDeadlineOfTheFirstToken() {
    var waiting = silence(0);
    at(1_000);
    waiting.comment();
    assertThat(millis(waiting)).isEqualTo(4_000); // who comments and stops is lost sooner
    for (int t = 2_000; t < 9_500; t += 1_000) {
      at(t);
      waiting.comment();
    }
    assertThat(millis(waiting)).isEqualTo(10_000);
  }

  @Test
  void aWorkerThatAnswersOthersIsWaitedFor() {
    var waiting = silence(0);
    var other = silence(0);
    at(4_900);
    other.token();
    assertThat(millis(waiting)).isEqualTo(9_900);
    at(9_000);
    assertThat(waiting.othersGoOn()).isTrue();
    at(9_900);
    assertThat(waiting.othersGoOn()).isFalse();
  }

  @Test
  void betweenTokensThePaceDecidesAndCommentsDoNot() {
    var stream = silence(0);
    at(100);
    stream.token();
    assertThat(millis(stream)).isEqualTo(3_100);
    knownPace();
    assertThat(millis(stream)).isEqualTo(1_600);
    at(1_000);
    stream.comment();
    assertThat(millis(stream)).isEqualTo(1_600);
    at(1_599);
    assertThat(stream.othersGoOn()).as("its own token is not another's").isFalse();
  }

  @Test
  void aStreamThatStandsWhileItsWorkerGoesOnIsGivenMoreTimeButNotForEver() {
    knownPace();
    var stands = silence(0);
    var goesOn = silence(0);
    stands.token();
    for (int t = 0; t <= 30_000; t += 100) {
      at(t);
      goesOn.token();
    }
    assertThat(millis(stands)).isEqualTo(12_000);
    assertThat(stands.othersGoOn()).isTrue();
    at(31_500);
    assertThat(stands.othersGoOn()).isFalse();
  }

  @Test
  void aClientThatTakesLongIsNotTheWorkersSilence() {
    var stream = silence(0);
    stream.token();
    at(60_000);
    stream.passedOn();
    assertThat(millis(stream)).isEqualTo(63_000);
    at(60_020);
    stream.token();
    assertThat(worker.pace().p99()).isZero();
  }

  @Test
  void aWorkerOfWhichLittleIsKnownIsJudgedAsItsFellowsAre() {
    var stream = new Silence(patience, worker, () -> 200 * MILLI, nanos::get, 0);
    stream.token();
    assertThat(millis(stream)).isEqualTo(1_600);
  }
}
