package dev.muster.load.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.load.answer.Answer;
import dev.muster.load.answer.Harm;
import dev.muster.timeline.Outcome;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever becomes of an answer of any API, it has one outcome, the same in any pieces. */
class PresetFuzzTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static final List<String> SCRAPS =
      List.of(
          "\n",
          "\r",
          "\n\n",
          "data: ",
          ": c\n\n",
          "event: error\n",
          "event: ping\n",
          "event: message_stop\ndata: {}\n\n",
          "data: {\"type\":\"response.completed\"}\n\n",
          "data: [DONE]\n\n",
          "data: {\"error\":\"e\"}\n\n",
          "{\"error\":{\"message\":\"m\"}}\n",
          "<html>\n",
          "\"",
          "\\",
          "{",
          "}",
          "[[[[[[[[",
          "null",
          "1e999",
          "-1",
          "\uFEFF",
          "词",
          "\u0000");

  @Test
  @Timeout(60)
  void tenThousandHarmedAnswersOfAllPresets() {
    long seed = RandomGenerator.getDefault().nextLong();
    var random = new SplittableRandom(seed);
    var outcomes = EnumSet.noneOf(Outcome.class);
    for (int i = 0; i < 10_000; i++) {
      var name = Streams.ALL.get(i % Streams.ALL.size());
      var bytes = Harm.done(Streams.bytes(name), SCRAPS, random);
      boolean cut = random.nextInt(4) == 0;
      try {
        var whole = read(name, bytes, null, cut);
        assertThat(read(name, bytes, random, cut)).isEqualTo(whole);
        assertThat(whole.detail() == null).isEqualTo(whole.outcome() == Outcome.COMPLETE);
        outcomes.add(whole.outcome());
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "seed " + seed + ", answer " + i + " of " + name + ": " + new String(bytes, UTF_8), e);
      }
    }
    assertThat(outcomes)
        .as("seed %d", seed)
        .contains(
            Outcome.COMPLETE,
            Outcome.TRUNCATED,
            Outcome.IN_BAND_ERROR,
            Outcome.TIMED_OUT,
            Outcome.MALFORMED);
  }

  private static Answer read(
      String name, byte[] bytes, @Nullable SplittableRandom random, boolean cut) {
    var judge = Streams.judge(name);
    for (int from = 0; from < bytes.length; ) {
      int size = random == null ? bytes.length : 1 + random.nextInt(60);
      var piece = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size));
      judge.feed(piece, 0, piece.length, NOW);
      Arrays.fill(piece, (byte) '"'); // the judge may not keep it
      from += size;
    }
    return cut ? judge.cut(Outcome.TIMED_OUT, "time was up") : judge.end();
  }
}
