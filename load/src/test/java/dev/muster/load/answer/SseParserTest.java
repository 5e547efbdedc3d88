package dev.muster.load.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SseParserTest {
  private record SseEvent(String name, String data) {}

  /** Keeps what it hears. */
  private static final class Heard implements SseParser.Handler {
    final List<SseEvent> events = new ArrayList<>();
    final List<String> strange = new ArrayList<>();
    final List<byte[]> arrays = new ArrayList<>();

    @Override
    public void event(String name, byte[] bytes, int from, int to) {
      arrays.add(bytes);
      events.add(new SseEvent(name, new String(bytes, from, to - from, StandardCharsets.UTF_8)));
    }

    @Override
    public void strange(byte[] bytes, int from, int to) {
      strange.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    }
  }

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
    var heard = new Heard();
    var parser = new SseParser(heard);
    var comment = bytes(": keep-alive\n\n".repeat(10_000));
    for (int i = 0; i < 20; i++) {
      parser.feed(comment, 0, comment.length);
    }
    assertThat(heard.events).isEmpty();
    for (var end : List.of("\n", "")) {
      var line = bytes("data: " + "x".repeat(100_000) + end);
      var endless = new SseParser(heard);
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 20; i++) {
                  endless.feed(line, 0, line.length);
                }
              })
          .isInstanceOf(MalformedAnswerException.class);
    }
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    assertThatThrownBy(() ->
            new SseParser(new Heard()).feed(new byte[] {'d', (byte) 0xff, (byte) 0xfe, '\n'}, 0, 4))
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
    var heard = new Heard();
    var parser = new SseParser(heard);
    int longest = 1 + random.nextInt(60);
    for (int from = 0; from < all.length; ) {
      int length = Math.min(all.length - from, 1 + random.nextInt(longest));
      var piece = java.util.Arrays.copyOfRange(all, from, from + length);
      parser.feed(piece, 0, length);
      java.util.Arrays.fill(piece, (byte) '!'); // the array is the caller's again
      from += length;
    }
    assertThat(heard.events).as("seed %d", seed).isEqualTo(expected);
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
      new SseParser(new Heard()).feed(garbage, 0, garbage.length);
    } catch (MalformedAnswerException expected) {
      // the only way out
    } catch (RuntimeException e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstLineAndOfOthersItIs() {
    assertThat(parse("\uFEFFdata: a\n\ndata: b\n\n")).containsExactly(message("a"), message("b"));
    assertThat(parse("\uFEFF: comment\n\ndata: b\n\n")).containsExactly(message("b"));
    assertThat(parse("data: a\n\n\uFEFFdata: b\n\n")).containsExactly(message("a"));
  }

  @Test
  void dataWithoutContentIsAnEventAndANameAloneIsNone() {
    assertThat(parse("data\n\ndata:\n\nevent: e\n\ndata: x\ndata:\n\n"))
        .containsExactly(message(""), message(""), message("x\n"));
    assertThat(parse("event: message\nid: 1\nretry: 5\ndata: a\n\n")).containsExactly(message("a"));
  }

  @Test
  void theIdIsThatOfTheLastCompleteEvent() {
    var parser = new SseParser(new Heard());
    for (var step :
        List.of(
            Map.entry("data: a\n\n", ""),
            Map.entry("id: 1\ndata: a\n", ""),
            Map.entry("\n", "1"),
            Map.entry("data: b\n\n: c\n\n", "1"),
            Map.entry("id: 2\nda", "1"))) {
      var bytes = step.getKey().getBytes(StandardCharsets.UTF_8);
      parser.feed(bytes, 0, bytes.length);
      assertThat(parser.lastEventId()).as(step.getKey()).isEqualTo(step.getValue());
    }
    parser.again();
    var rest = "id: 22\ndata: c\n\n".getBytes(StandardCharsets.UTF_8);
    parser.feed(rest, 0, rest.length);
    assertThat(parser.lastEventId()).isEqualTo("22");
  }

  @Test
  void anEventThatLiesWholeInAPieceIsNotCopiedAndItsUsualNameIsAConstant() {
    var heard = new Heard();
    var piece = bytes("data: a\n\nevent: message\ndata: b\n\n");
    new SseParser(heard).feed(piece, 0, piece.length);
    assertThat(heard.arrays).hasSize(2);
    heard.arrays.forEach(array -> assertThat(array).isSameAs(piece));
    heard.events.forEach(event -> assertThat(event.name()).isSameAs(SseParser.MESSAGE));
  }

  @Test
  void linesThatAreNoFieldsAreToldAlsoTheLastOne() {
    var heard = new Heard();
    var parser = new SseParser(heard);
    var bytes = bytes("data: a\n<html>\n\n: c\nDATA: x\n{\"error\":1}");
    parser.feed(bytes, 0, bytes.length);
    assertThat(heard.strange).containsExactly("<html>", "DATA: x");
    parser.end();
    assertThat(heard.strange).containsExactly("<html>", "DATA: x", "{\"error\":1}");
  }

  @Test
  void aLastLineThatMayHaveBecomeAFieldIsNotStrange() {
    for (var line : List.of("", "d", "data", "data:", "data: x", "eve", "id: 3", "retry", ": c")) {
      var heard = new Heard();
      var parser = new SseParser(heard);
      parser.feed(bytes(line), 0, line.length());
      parser.end();
      assertThat(heard.strange).as(line).isEmpty();
    }
  }

  @Test
  void theLongestEventIsTheSameHoweverItIsCut() {
    var most = "data: " + "x".repeat(SseParser.MAX_EVENT_BYTES - 6) + "\n\n";
    for (int piece : new int[] {8192, 1 << 19, 1 << 21}) {
      assertThat(feed(bytes(most), piece)).hasSize(1);
      assertThatThrownBy(() -> feed(bytes(most.replace(": ", ":  ")), piece))
          .isInstanceOf(MalformedAnswerException.class);
    }
  }

  private static List<SseEvent> feed(byte[] bytes, int piece) {
    var heard = new Heard();
    var parser = new SseParser(heard);
    for (int from = 0; from < bytes.length; from += piece) {
      parser.feed(bytes, from, Math.min(piece, bytes.length - from));
    }
    return heard.events;
  }

  private static List<SseEvent> parse(String text) {
    var bytes = bytes(text);
    return feed(bytes, 1 + bytes.length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static SseEvent message(String data) {
    return new SseEvent("message", data);
  }
}
