package dev.muster.load.answer.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class TextTemplateTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String CHUNK =
      "{\"id\":\"x\",\"choices\":[{\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}]}";

  @Test
  void chunksThatDifferInTheirTextAreRecognised() {
    var template = new TextTemplate();
    assertThat(matches(template, CHUNK.formatted("one "))).isFalse();
    learn(template, CHUNK.formatted("one "));
    for (var text : new String[] {"two ", "早上好 😀 ё", "}{[]:,", "one ", "\u007f\u2028"}) {
      var bytes = CHUNK.formatted(text).getBytes(UTF_8);
      assertThat(template.matches(bytes, 0, bytes.length)).as(text).isTrue();
      int from = template.textFrom(0);
      assertThat(new String(bytes, from, template.textTo(bytes.length) - from, UTF_8))
          .isEqualTo(text);
    }
  }

  @Test
  void whateverElseDiffersIsNotTheTemplates() {
    var template = new TextTemplate();
    learn(template, CHUNK.formatted("one"));
    for (var text :
        new String[] {
          "", "a\"b", "\\n", "a\nb", "\t", "\u0000", "\",\"reasoning\":\"b", "\"},\"x\":{\"y\":\""
        }) {
      assertThat(matches(template, CHUNK.formatted(text))).as(text).isFalse();
    }
    var other = CHUNK.formatted("two");
    assertThat(matches(template, other.replace("null", "\"stop\""))).isFalse();
    assertThat(matches(template, other.replace("content", "reasoning"))).isFalse();
    assertThat(matches(template, other.replace("\"x\"", "\"y\""))).isFalse();
    assertThat(matches(template, other + " ")).isFalse();
    assertThat(matches(template, other.substring(0, 45))).isFalse();
  }

  @Test
  void textThatOccursTwiceOrIsSpelledWithEscapesIsNotLearnt() {
    for (var text : new String[] {"x", "a\\u0062", "\\\"", "\\\\"}) {
      var template = new TextTemplate();
      learn(template, CHUNK.formatted(text));
      assertThat(matches(template, CHUNK.formatted(text))).as(text).isFalse();
      assertThat(matches(template, CHUNK.formatted("two"))).as(text).isFalse();
    }
    var template = new TextTemplate();
    learn(template, CHUNK.formatted("content")); // the name of a field is no text
    assertThat(matches(template, CHUNK.formatted("two"))).isTrue();
  }

  @Test
  void reasoningIsKnownAsSuch() {
    var template = new TextTemplate();
    learn(template, CHUNK.formatted("one").replace("content", "reasoning_content"));
    assertThat(template.reasoning()).isTrue();
    learn(template, CHUNK.formatted("one"));
    assertThat(template.reasoning()).isFalse();
  }

  /** Names occur twice, texts are values elsewhere, bytes are changed anywhere. */
  @RepeatedTest(20)
  void whatIsRecognisedMeansTheSameToTheParser() {
    long seed = RandomGenerator.getDefault().nextLong();
    var random = new SplittableRandom(seed);
    int recognised = 0;
    for (int i = 0; i < 2_000; i++) {
      var text = words(random);
      var chunk = chunk(random, text);
      var tree = parse(chunk.getBytes(UTF_8));
      var delta = delta(tree);
      if (!delta.isOneText()) {
        continue;
      }
      var template = new TextTemplate();
      var bytes = chunk.getBytes(UTF_8);
      template.learn(bytes, 0, bytes.length, delta);
      for (int k = 0; k < 10; k++) {
        var changed = change(random, chunk, text).getBytes(UTF_8);
        if (template.matches(changed, 0, changed.length)) {
          recognised++;
          int from = template.textFrom(0);
          var newText = new String(changed, from, template.textTo(changed.length) - from, UTF_8);
          var other = parse(changed);
          assertThat(delta(other))
              .as("seed %d: %s as %s", seed, new String(changed, UTF_8), chunk)
              .isEqualTo(
                  template.reasoning()
                      ? new Delta(newText, "", false)
                      : new Delta("", newText, false));
          assertThat(with(other, delta))
              .as("seed %d: %s", seed, chunk)
              .isEqualTo(with(tree, delta));
        }
      }
    }
    assertThat(recognised).as("seed %d", seed).isGreaterThan(1_000);
  }

  private static String words(SplittableRandom random) {
    var pieces =
        new String[] {
          "a", "stop", " ", "\\n", "\\\"", "词", "é", "{", "x\\\\", "content", "7", "\u0001"
        };
    var text = new StringBuilder();
    for (int i = random.nextInt(3); i >= 0; i--) {
      text.append(pieces[random.nextInt(random.nextInt(4) == 0 ? pieces.length : 3)]);
    }
    return text.toString();
  }

  private static String chunk(SplittableRandom random, String text) {
    var fields = new StringBuilder();
    var names = new String[] {"content", "reasoning", "reasoning_content", "role", "x"};
    var values =
        new String[] {"null", "\"\"", "7", "\"stop\"", "{\"content\":\"a\"}", "\"a\"", "[]"};
    for (int i = random.nextInt(4); i > 0; i--) {
      fields.append(
          "\"%s\":%s,"
              .formatted(
                  names[random.nextInt(5)],
                  values[random.nextInt(random.nextInt(3) == 0 ? 7 : 2)]));
    }
    var delta = "\"delta\":{%s\"%s\":\"%s\"}".formatted(fields, names[random.nextInt(3)], text);
    var before = random.nextInt(4) == 0 ? "\"delta\":{\"content\":\"old\"}," : "";
    var after = random.nextInt(6) == 0 ? ",\"delta\":{\"content\":\"new\"}" : "";
    return "{\"id\":\"%s\",\"choices\":[{%s%s%s,\"finish_reason\":null}],\"n\":%d}"
        .formatted(random.nextInt(3) == 0 ? text : "id", before, delta, after, random.nextInt(9));
  }

  private static String change(SplittableRandom random, String chunk, String text) {
    var alphabet = "a\"\\{}:,\n 词é\u0000b";
    int at = random.nextInt(chunk.length());
    return switch (random.nextInt(4)) {
      case 0 ->
          chunk.substring(0, at)
              + alphabet.charAt(random.nextInt(alphabet.length()))
              + chunk.substring(random.nextBoolean() ? at : at + 1);
      case 1 -> {
        int last = chunk.lastIndexOf(text);
        yield chunk.substring(0, last) + words(random) + chunk.substring(last + text.length());
      }
      default -> chunk.replace('"' + text + '"', '"' + words(random) + '"');
    };
  }

  private static Delta delta(JsonNode tree) {
    return Delta.of(tree.path("choices").path(0).path("delta"));
  }

  private static JsonNode with(JsonNode tree, Delta delta) {
    var node = (ObjectNode) tree.path("choices").path(0).path("delta");
    for (var name : new String[] {"content", "reasoning", "reasoning_content"}) {
      if (node.path(name).isString() && !node.path(name).asString().isEmpty()) {
        node.put(name, delta.reasoning() + delta.content());
      }
    }
    return tree;
  }

  private static JsonNode parse(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (JacksonException e) {
      return JSON.missingNode();
    }
  }

  private static void learn(TextTemplate template, String chunk) {
    var bytes = chunk.getBytes(UTF_8);
    template.learn(bytes, 0, bytes.length, delta(JSON.readTree(bytes)));
  }

  private static boolean matches(TextTemplate template, String chunk) {
    var bytes = chunk.getBytes(UTF_8);
    return template.matches(bytes, 0, bytes.length);
  }
}
