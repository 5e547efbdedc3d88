package dev.muster.deepseek.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.chat.ChatRequest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PromptTest {
  private static Prompt of(String messages) {
    var body =
        ("{\"messages\":[" + messages + "],\"model\":\"m\"}").getBytes(StandardCharsets.UTF_8);
    return Prompt.of(ChatRequest.parse(body).promptTokens(), body);
  }

  private static String message(String role, String text) {
    return "{\"role\":\"%s\",\"content\":%s}".formatted(role, Json.quote(text));
  }

  /** How many blocks two prompts share. */
  private static int shared(Prompt one, Prompt other) {
    var i = 0;
    while (i < one.blocks() && i < other.blocks() && one.block(i) == other.block(i)) {
      i++;
    }
    return i;
  }

  @Test
  void everyFullBlockHasAName() {
    for (long seed = 0; seed < 100; seed++) {
      var random = new Random(seed);
      var messages =
          IntStream.rangeClosed(0, random.nextInt(5))
              .mapToObj(_ ->
                  message(
                      random.nextBoolean() ? "user" : "assistant",
                      random
                          .ints(random.nextInt(900), 'a', 0x400)
                          .mapToObj(Character::toString)
                          .collect(Collectors.joining())))
              .collect(Collectors.joining(","));
      var prompt = of(messages);
      assertThat(prompt.blocks()).as("seed %d", seed).isEqualTo(prompt.tokens() / KvCache.BLOCK);
    }
  }

  @Test
  void promptsShareNamesAsFarAsTheyBeginAlike() {
    var long1 = "one two three ".repeat(100);
    var first = of(message("user", long1));
    assertThat(first.blocks()).isEqualTo(26);
    assertThat(shared(first, of(message("user", long1)))).isEqualTo(26);
    var next = message("user", long1) + "," + message("assistant", "yes");
    assertThat(shared(first, of(next + "," + message("user", long1)))).isEqualTo(26);
    assertThat(shared(first, of(message("user", long1.substring(0, 700) + "X" + long1))))
        .isEqualTo(700 * 3 / 160);
    assertThat(shared(first, of(message("tool", long1)))).as("said by another").isZero();
    assertThat(shared(first, of(message("user", "Z" + long1)))).isZero();
  }

  @Test
  void textInPartsIsWeighedAsWell() {
    var text = "word ".repeat(200);
    var parts =
        "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":%s},{\"type\":\"text\",\"text\":%s}]}"
            .formatted(Json.quote(text), Json.quote(text));
    var prompt = of(parts);
    assertThat(prompt.tokens()).isEqualTo(600);
    assertThat(prompt.blocks()).isEqualTo(37);
  }

  @Test
  void whatTheAnswerBeginsWithHasNoMoreNamesThanTokens() {
    var body =
        "{\"messages\":[%s,{\"role\":\"assistant\",\"content\":\"%s\",\"prefix\":true}]}"
            .formatted(message("user", "hello"), "1.abcdef01 ".repeat(50));
    assertThat(Prompt.of(51, body.getBytes(StandardCharsets.UTF_8)).blocks()).isEqualTo(3);
  }
}
