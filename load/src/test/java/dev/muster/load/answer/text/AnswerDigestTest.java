package dev.muster.load.answer.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.load.answer.AnswerRules;
import dev.muster.load.answer.AnswerRules.Usage;
import dev.muster.load.answer.reader.AnswerReader;
import dev.muster.timeline.Outcome;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnswerDigestTest {
  private static final String END =
      "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"completion_tokens\":3}}\n\ndata: [DONE]\n\n";

  private static String chunk(String delta) {
    return "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}\n\n";
  }

  private static String content(String json) {
    return chunk("{\"content\":\"" + json + "\"}");
  }

  private static @Nullable String digest(String chunks) {
    var reader = new AnswerReader(new AnswerRules(Usage.REQUIRED, false, true), "p");
    var bytes = (chunks + END).getBytes(UTF_8);
    reader.feed(bytes, 0, bytes.length, Instant.EPOCH);
    var answer = reader.end();
    assertThat(answer.outcome()).as(answer.detail()).isEqualTo(Outcome.COMPLETE);
    return answer.digest();
  }

  @Test
  void oneTextHasOneDigestWhateverPiecesItComesIn() {
    var whole = digest(content("The old ship lies 1.0 mile off. ✓ 船"));
    assertThat(whole).matches("[0-9a-f]{16}");
    assertThat(digest(content("The old ") + content("ship lies ") + content("1.0 mile off. ✓ 船")))
        .isEqualTo(whole);
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var text = "The old ship lies 1.0 mile off. ✓ 船";
    var pieces = new StringBuilder();
    for (int at = 0; at < text.length(); ) {
      int to = Math.min(text.length(), at + 1 + random.nextInt(5));
      pieces.append(content(text.substring(at, to)));
      at = to;
    }
    assertThat(digest(pieces.toString())).as("seed " + seed).isEqualTo(whole);
  }

  @Test
  void oneTextHasOneDigestHoweverJsonSpellsIt() {
    var plain = digest(content("a船b") + content("c/d"));
    assertThat(digest(content("a\\u8239b") + content("c\\/d"))).isEqualTo(plain);
    assertThat(digest(content("\\u0061船") + content("bc/") + content("d"))).isEqualTo(plain);
    assertThat(digest(content("x😀y"))).isEqualTo(digest(content("x\\ud83d\\ude00y")));
    assertThat(digest(content("x\\ud83d") + content("\\ude00y")))
        .as("a character in two pieces")
        .isEqualTo(digest(content("x😀y")));
  }

  @Test
  void anotherTextHasAnother() {
    var one = digest(content("a") + content("b"));
    assertThat(digest(content("a") + content("c"))).isNotEqualTo(one);
    assertThat(digest(content("b") + content("a"))).isNotEqualTo(one);
    assertThat(digest(content("ab "))).isNotEqualTo(one);
    assertThat(digest(chunk("{\"reasoning_content\":\"a\"}") + content("b"))).isNotEqualTo(one);
  }

  @Test
  void reasoningAndAnswerAreApartAndTheirOrderIsOfEach() {
    var one = digest(chunk("{\"reasoning\":\"why\"}") + content("a") + content("b"));
    assertThat(
            digest(
                chunk("{\"reasoning\":\"w\"}")
                    + content("a")
                    + chunk("{\"reasoning\":\"hy\"}")
                    + content("b")))
        .isEqualTo(one);
    assertThat(digest(chunk("{\"reasoning\":\"whya\"}") + content("b"))).isNotEqualTo(one);
  }

  /** Their ids are new each time. */
  @Test
  void aToolCallIsItsNameAndArguments() {
    var one = digest(tool("call_1", "weather", "{\\\"at\\\":") + tool(null, null, "1}"));
    assertThat(digest(tool("call_2", "weather", "{\\\"at\\\":1}"))).isEqualTo(one);
    assertThat(digest(tool("call_1", "weather", "{\\\"at\\\":2}"))).isNotEqualTo(one);
    assertThat(digest(tool("call_1", "tides", "{\\\"at\\\":1}"))).isNotEqualTo(one);
  }

  private static String tool(@Nullable String id, @Nullable String name, String arguments) {
    return chunk(
        "{\"tool_calls\":[{\"index\":0,"
            + (id == null ? "" : "\"id\":\"" + id + "\",")
            + "\"function\":{"
            + (name == null ? "" : "\"name\":\"" + name + "\",")
            + "\"arguments\":\""
            + arguments
            + "\"}}]}");
  }

  @Test
  void anAnswerThatIsNotCompleteOrNotAskedForHasNone() {
    var asked = new AnswerReader(new AnswerRules(Usage.REQUIRED, false, true), "p");
    var bytes = content("a").getBytes(UTF_8);
    asked.feed(bytes, 0, bytes.length, Instant.EPOCH);
    assertThat(asked.end().digest()).isNull();
    var unasked = new AnswerReader(new AnswerRules(Usage.REQUIRED, false), "p");
    var whole = (content("a") + END).getBytes(UTF_8);
    unasked.feed(whole, 0, whole.length, Instant.EPOCH);
    var answer = unasked.end();
    assertThat(answer.outcome()).isEqualTo(Outcome.COMPLETE);
    assertThat(answer.digest()).isNull();
  }

  @Test
  void theWholeAnswerOfNoStreamHasOneAsWell() {
    var reader = new AnswerReader(new AnswerRules(Usage.REQUIRED, false, true), "p");
    var body =
        "{\"choices\":[{\"message\":{\"content\":\"ab\"},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"completion_tokens\":3}}";
    assertThat(reader.whole(body.getBytes(UTF_8), Instant.EPOCH).digest())
        .isEqualTo(digest(content("a") + content("b")));
  }

  /** Nearly all chunks are recognised without being parsed: these must stay free of garbage. */
  @Test
  void aChunkCostsNoMemory() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    var reader = new AnswerReader(new AnswerRules(Usage.REQUIRED, false, true), "p");
    var bytes = content("some words").getBytes(UTF_8);
    for (int i = 0; i < 20_000; i++) {
      reader.feed(bytes, 0, bytes.length, Instant.EPOCH);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 20_000; i++) {
      reader.feed(bytes, 0, bytes.length, Instant.EPOCH);
    }
    assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 20_000).isLessThan(8);
  }
}
