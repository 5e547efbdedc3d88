package dev.muster.observe.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.object.PodPort;
import dev.muster.drill.field.LlmFailure;
import dev.muster.drill.kind.LlmFault;
import dev.muster.drill.port.Effect;
import dev.muster.hostile.GrayPod;
import dev.muster.hostile.HostileApi;
import dev.muster.observe.watch.ListWatchTest;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LlmSymptomTest {
  private static final Duration SILENCE = Duration.ofMillis(1500);

  /** The sign is that failure's own; only what looks alike from outside may be taken for it. */
  @Test
  void noOtherFailureIsTakenForIt() throws IOException, InterruptedException {
    Map<LlmFailure, StreamedCompletion> told = new EnumMap<>(LlmFailure.class);
    GrayPod worker = new GrayPod();
    try (HostileApi api = new HostileApi();
        KubernetesClient client = ListWatchTest.client(api, Duration.ofSeconds(20))) {
      api.when(".*/proxy/.*", worker);
      PodChat chat = new PodChat(new PodPort(client, "s", "w1", 8000), "m");
      chat.ask("hello", 17, SILENCE, Duration.ofSeconds(5));
      StreamedCompletion before = chat.ask("hello", 17, SILENCE, Duration.ofSeconds(5));
      assertThat(before.whole()).as(before.words()).isTrue();
      for (LlmFailure failure : LlmFailure.values()) {
        worker.fail(failure, 40, 5);
        told.put(failure, chat.ask("hello", 17, SILENCE, Duration.ofSeconds(3)));
      }
      worker.close();
      for (LlmFailure meant : LlmFailure.values()) {
        told.forEach((other, now) ->
            assertThat(lasts(fault(meant, 40, 5), before, now))
                .as("%s for %s: %s", other.word(), meant.word(), now.words())
                .isEqualTo(alike(meant).contains(other)));
      }
    }
  }

  /** Loads show in health alone. */
  private static List<LlmFailure> alike(LlmFailure failure) {
    return switch (failure) {
      case CORRUPT_TOKENS, FOREIGN_CACHE ->
          List.of(LlmFailure.CORRUPT_TOKENS, LlmFailure.FOREIGN_CACHE);
      case SLOW_LOAD, LOAD_LOOP -> List.of();
      case SLOW_DECODE -> List.of(LlmFailure.SLOW_DECODE, LlmFailure.STUCK_DECODE);
      default -> List.of(failure);
    };
  }

  private static LlmFault fault(LlmFailure failure, int factor, int afterTokens) {
    return new LlmFault(failure, factor, afterTokens, "faults", null);
  }

  private static boolean lasts(LlmFault fault, StreamedCompletion before, StreamedCompletion now) {
    return LlmSymptom.of(fault, before, now) instanceof Effect.Lasts;
  }

  @Test
  void slowMeansNearerToTheFactorThanToNoneAndMoreThanChance() {
    LlmFault slow = fault(LlmFailure.SLOW_DECODE, 8, 5);
    StreamedCompletion usual = paced(20);
    assertThat(lasts(slow, usual, paced(56))).isFalse();
    assertThat(lasts(slow, usual, paced(57))).isTrue();
    assertThat(LlmSymptom.of(slow, usual, paced(40))).isInstanceOf(Effect.Over.class);
    assertThat(lasts(slow, paced(1), paced(14))).as("so much is chance").isFalse();
    assertThat(lasts(slow, paced(1), paced(15))).isTrue();
  }

  private static StreamedCompletion paced(int millis) {
    List<String> pieces = List.of("1", "2", "3", "4", "5");
    return new StreamedCompletion(
        200,
        pieces,
        Duration.ofMillis(4L * millis),
        Duration.ofMillis(4L * millis + 10),
        0,
        true,
        true,
        "",
        0,
        StreamedCompletion.End.CLEAN);
  }

  @Test
  void whereNoTokenComesFirstCommentsAloneAreKeepAlive() {
    StreamedCompletion mute =
        new StreamedCompletion(
            200,
            List.of(),
            Duration.ZERO,
            Duration.ofSeconds(3),
            3,
            false,
            false,
            "",
            -1,
            StreamedCompletion.End.GIVEN_UP);
    assertThat(lasts(fault(LlmFailure.KEEP_ALIVE_ONLY, 8, 0), mute, mute)).isTrue();
    assertThat(lasts(fault(LlmFailure.KEEP_ALIVE_ONLY, 8, 5), mute, mute)).isFalse();
  }

  @Test
  void aWorkerThatIsBusyDoesNotLie() {
    StreamedCompletion busy = refused(503);
    assertThat(lasts(fault(LlmFailure.LYING_HEALTH, 8, 5), busy, busy)).isFalse();
    assertThat(lasts(fault(LlmFailure.LYING_HEALTH, 8, 5), busy, refused(500))).isTrue();
  }

  private static StreamedCompletion refused(int status) {
    return new StreamedCompletion(
        status,
        List.of(),
        Duration.ZERO,
        Duration.ofMillis(3),
        0,
        false,
        false,
        "no",
        -1,
        StreamedCompletion.End.CLEAN);
  }
}
