package dev.muster.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SseParserTest {

  @Test
  void anEventCountsOnlyAfterItsBlankLine() {
    assertThat(parse("data: a\n\ndata: [DONE]\n")).containsExactly(message("a"));
    assertThat(parse("data: [DONE]")).isEmpty();
    assertThat(parse("data: [DONE]\n\n")).containsExactly(message("[DONE]"));
  }

  @Test
  void commentsAndBlankLinesAreNoEvents() {
    assertThat(parse(": keep-alive\n\n\n\n: keep-alive\n\ndata: a\n: inside\n\n"))
        .containsExactly(message("a"));
  }

  @Test
  void everyKindOfLineEndWorks() {
    for (var end : List.of("\n", "\r\n", "\r")) {
      assertThat(parse("data: a" + end + "data:b" + end + "event: e" + end + end))
          .containsExactly(new SseEvent("e", "a\nb"));
    }
  }

  @Test
  void keepAliveForEverIsLegalButAnEndlessEventIsNot() {
    var parser = new SseParser();
    var comment = bytes(": keep-alive\n\n".repeat(10_000));
    for (int i = 0; i < 20; i++) {
      assertThat(parser.feed(comment, 0, comment.length)).isEmpty();
    }
    var line = bytes("data: " + "x".repeat(100_000) + "\n");
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 20; i++) {
                parser.feed(line, 0, line.length);
              }
            })
        .isInstanceOf(MalformedAnswerException.class);
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    assertThatThrownBy(
            () -> new SseParser().feed(new byte[] {'d', (byte) 0xff, (byte) 0xfe, '\n'}, 0, 4))
        .hasMessageContaining("UTF-8");
  }

  @RepeatedTest(50)
  void anyCutIntoPiecesGivesTheSameEvents() {
    long seed = RandomGenerator.getDefault().nextLong();
    var random = new java.util.SplittableRandom(seed);
    var expected = new ArrayList<SseEvent>();
    var text = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      var end = List.of("\n", "\r\n").get(random.nextInt(2));
      if (random.nextInt(4) == 0) {
        text.append(": keep-alive").append(end).append(end);
      }
      var lines = random.ints(1 + random.nextInt(3), 0, 1000).mapToObj(n -> "词 é " + n).toList();
      lines.forEach(line -> text.append("data: ").append(line).append(end));
      text.append(end);
      expected.add(message(lines.stream().collect(Collectors.joining("\n"))));
    }
    text.append("data: never finished\n");
    var all = bytes(text.toString());
    var events = new ArrayList<SseEvent>();
    var parser = new SseParser();
    for (int from = 0; from < all.length; ) {
      int length = Math.min(all.length - from, 1 + random.nextInt(7));
      events.addAll(parser.feed(all, from, length));
      from += length;
    }
    assertThat(events).as("seed %d", seed).isEqualTo(expected);
    assertThat(parser.insideEvent()).isTrue();
  }

  @RepeatedTest(50)
  void garbageGivesEventsOrIsRefusedButNothingElse() {
    long seed = RandomGenerator.getDefault().nextLong();
    var random = new java.util.SplittableRandom(seed);
    var alphabet = bytes("data: event:\r\n\n\n{}[]\"é\u0000x");
    var garbage = new byte[2000];
    for (int i = 0; i < garbage.length; i++) {
      garbage[i] = alphabet[random.nextInt(alphabet.length)];
    }
    try {
      new SseParser().feed(garbage, 0, garbage.length);
    } catch (MalformedAnswerException expected) {
      // the only way out
    } catch (RuntimeException e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  private static List<SseEvent> parse(String text) {
    var bytes = bytes(text);
    return new SseParser().feed(bytes, 0, bytes.length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static SseEvent message(String data) {
    return new SseEvent("message", data);
  }
}
