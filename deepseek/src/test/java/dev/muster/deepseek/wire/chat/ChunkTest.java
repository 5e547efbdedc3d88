package dev.muster.deepseek.wire.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.deepseek.wire.Json;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkTest {
  private static final Chunks CHUNKS = new Chunks("id", 1, "m", true, true, -1);

  private static Chunk chunk(String event) {
    return new Chunk(event.strip().substring("data: ".length()).getBytes(UTF_8));
  }

  private static String content(Chunk chunk) {
    var out = new ByteArrayOutputStream();
    chunk.appendContent(out);
    return out.toString(UTF_8);
  }

  private static String reasoning(Chunk chunk) {
    var out = new ByteArrayOutputStream();
    chunk.appendReasoning(out);
    return out.toString(UTF_8);
  }

  @Test
  void tellsWhatItIsByItsForm() {
    var thought = chunk(CHUNKS.reasoning("1.ab "));
    assertThat(reasoning(thought)).isEqualTo("1.ab ");
    assertThat(content(thought)).isEmpty();
    var token = chunk(CHUNKS.answer("2.cd "));
    assertThat(content(token)).isEqualTo("2.cd ");
    assertThat(reasoning(token)).isEmpty();
    assertThat(token.last()).isFalse();
    var last = chunk(CHUNKS.last("", "stop", new Usage(1, 0, 2, 1, true)));
    assertThat(last.last()).isTrue();
    assertThat(last.error()).isFalse();
    assertThat(chunk(Chunks.error("lost")).error()).isTrue();
  }

  @Test
  void itsIdAndTimeAreThoseOfTheAnswerWhereverTheyStand() {
    for (var json :
        List.of(
            "{\"id\":\"a1\",\"choices\":[],\"created\":17,\"model\":\"m\"}",
            "{\"id\":\"a1\",\"model\":\"\\\"created\\\":3\",\"created\":17}",
            "{\"choices\":[{\"id\":\"no\"}],\"created\" : 17,\"id\":\"a1\"}",
            "{ \"id\" : \"a1\", \"created\": 17 }",
            "{\"id\":\"\\u00611\",\"created\":17.0}")) {
      var chunk = new Chunk(json.getBytes(UTF_8));
      assertThat(chunk.id()).as(json).isEqualTo("a1");
      assertThat(chunk.created()).as(json).isEqualTo(17);
    }
    assertThat(new Chunk("{}".getBytes(UTF_8)).created()).isZero();
    assertThat(new Chunk("{}".getBytes(UTF_8)).id()).isEmpty();
  }

  /** Known by the chunk before or by itself: it is the same. */
  @Test
  void whatWasBeforeChangesNothing() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var events =
        List.of(
            CHUNKS.first(),
            CHUNKS.reasoning("1.ab "),
            CHUNKS.reasoning("12.abc "),
            CHUNKS.answer("2.cd "),
            CHUNKS.answer("\\\"finish_reason\\\": \\n"),
            CHUNKS.answer(""),
            CHUNKS.answer("x").replace("null", "nil"),
            CHUNKS.answer("x").replace("\"id\"", "\"ix\""),
            CHUNKS.answer("x").replace("},\"finish", ",\"reasoning_content\":\"y\"},\"finish"),
            CHUNKS.last("", "stop", new Usage(1, 0, 2, 1, true)),
            Chunks.error("lost"),
            "data: {\"content\":\"a");
    var before = chunk(CHUNKS.first());
    for (int i = 0; i < 10_000; i++) {
      var alone = chunk(events.get(random.nextInt(events.size())));
      var after = new Chunk(alone.json(), before);
      assertThat(List.of(content(after), reasoning(after), after.last(), after.error()))
          .as("seed %d: %s after %s", seed, after, before)
          .isEqualTo(List.of(content(alone), reasoning(alone), alone.last(), alone.error()));
      before = after;
    }
  }

  @Test
  void anyTextStaysAsJsonHasIt() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 1_000; i++) {
      var text = new StringBuilder();
      for (int length = random.nextInt(12); text.length() < length; ) {
        text.append("\"\\{}:,a\n\u00e9\u4e2d finish_reason".charAt(random.nextInt(24)));
      }
      var quoted = Json.quote(text.toString());
      var json = "{\"choices\":[{\"delta\":{\"content\":" + quoted + "},\"finish_reason\":null}]}";
      var chunk = new Chunk(json.getBytes(UTF_8));
      assertThat('"' + content(chunk) + '"').as("seed %d: %s", seed, json).isEqualTo(quoted);
      assertThat(chunk.last()).as("seed %d: %s", seed, json).isFalse();
    }
  }
}
