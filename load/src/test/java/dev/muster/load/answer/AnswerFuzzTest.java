package dev.muster.load.answer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.muster.load.answer.AnswerRules.Usage;
import dev.muster.load.answer.reader.AnswerReader;
import dev.muster.load.answer.text.TextTemplate;
import dev.muster.timeline.Outcome;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Any bytes give one outcome, the same in any pieces, and the same without the fast path. */
class AnswerFuzzTest {
  private static final String PROMPT = "Request f-1. ";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static final List<String> SCRAPS =
      List.of(
          "\n",
          "\r",
          "\r\n",
          "\n\n",
          "data:",
          "data: ",
          ": c\n\n",
          "event: error\n",
          "event: ping\n",
          "\"",
          "\\",
          "{",
          "}",
          "[",
          "null",
          "\"stop\"",
          "\uFEFF",
          "词",
          "\u0000",
          "data: [DONE]\n\n",
          "data: {}\n\n",
          "{\"error\":{\"message\":\"m\"}}\n",
          "1.",
          "<html>\n",
          "data: {\"error\":\"e\"}\n\n",
          "data: :\n\n",
          "[[[[[[[[",
          "1e999");

  /** Parses every chunk. */
  private static final class NoTemplate extends TextTemplate {
    @Override
    public boolean matches(byte[] bytes, int from, int to) {
      return false;
    }
  }

  @Test
  void tenThousandHarmedStreams() {
    long seed = RandomGenerator.getDefault().nextLong();
    var random = new SplittableRandom(seed);
    var outcomes = EnumSet.noneOf(Outcome.class);
    for (int i = 0; i < 10_000; i++) {
      var stream = Harm.done(stream(random).getBytes(UTF_8), SCRAPS, random);
      var rules =
          new AnswerRules(
              random.nextBoolean() ? Usage.REQUIRED : Usage.OPTIONAL, random.nextBoolean());
      boolean cut = random.nextInt(4) == 0;
      try {
        var whole = read(new AnswerReader(rules, PROMPT), stream, stream.length + 1, null, cut);
        var pieces = read(new AnswerReader(rules, PROMPT), stream, 40, random, cut);
        var parsed =
            read(new AnswerReader(rules, PROMPT, new NoTemplate()), stream, 4096, null, cut);
        assertThat(pieces).isEqualTo(whole);
        assertThat(parsed).isEqualTo(whole);
        assertThat(whole.detail() == null).isEqualTo(whole.outcome() == Outcome.COMPLETE);
        outcomes.add(whole.outcome());
        new AnswerReader(rules, PROMPT).whole(stream, NOW);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "seed " + seed + ", stream " + i + ": " + new String(stream, UTF_8), e);
      }
    }
    assertThat(outcomes)
        .as("seed %d", seed)
        .contains(
            Outcome.COMPLETE,
            Outcome.CORRUPT,
            Outcome.TRUNCATED,
            Outcome.IN_BAND_ERROR,
            Outcome.TIMED_OUT,
            Outcome.MALFORMED);
  }

  private static Answer read(
      AnswerReader reader,
      byte[] stream,
      int longest,
      @Nullable SplittableRandom random,
      boolean cut) {
    for (int from = 0; from < stream.length; ) {
      int size = random == null ? longest : 1 + random.nextInt(longest);
      var piece = Arrays.copyOfRange(stream, from, Math.min(stream.length, from + size));
      reader.feed(piece, 0, piece.length, NOW);
      Arrays.fill(piece, (byte) '"'); // the reader may not keep it
      from += size;
    }
    return cut ? reader.cut(Outcome.TIMED_OUT, "time was up") : reader.end();
  }

  private static String stream(SplittableRandom random) {
    var tokens = Tokens.of(PROMPT, 1 + random.nextInt(8));
    var text = new StringBuilder(random.nextInt(8) == 0 ? "\uFEFF" : "");
    boolean numbered = random.nextInt(3) > 0;
    for (var token : tokens) {
      var piece =
          numbered ? token : List.of("Hello ", "", "词 ", "\\n", "1.").get(random.nextInt(5));
      text.append(random.nextInt(6) == 0 ? Tokens.thought(piece) : Tokens.chunk(piece));
    }
    text.append(Tokens.last(random.nextInt(9) == 0 ? "abort" : "stop", tokens.size()));
    var all = text.append(Tokens.DONE).toString();
    return random.nextInt(5) == 0 ? all.replace("\n", "\r\n") : all;
  }

  @Test
  void aChunkOfTextThatIsOnlyCountedCostsNoMemory() {
    assertThat(bytesFor(false)).isLessThan(64 << 10);
  }

  @Test
  void norDoesATokenThatIsChecked() {
    assertThat(bytesFor(true)).isLessThan(64 << 10);
  }

  /** Bytes of memory taken for 10,000 chunks. */
  private static long bytesFor(boolean chained) {
    int chunks = 10_000;
    var stream = String.join("", Tokens.of(PROMPT, chunks).stream().map(Tokens::chunk).toList());
    var bytes = stream.getBytes(UTF_8);
    var reader = new AnswerReader(new AnswerRules(Usage.REQUIRED, chained), PROMPT);
    int first = stream.indexOf("\n\n") + 2;
    reader.feed(bytes, 0, first, NOW);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    reader.feed(bytes, first, bytes.length - first, NOW.plusMillis(1));
    long after = threads.getCurrentThreadAllocatedBytes();
    var answer = reader.cut(Outcome.TIMED_OUT, "why");
    assertThat(answer.detail()).isEqualTo("why");
    assertThat(answer.tokens()).isEqualTo(chunks);
    return after - before;
  }
}
