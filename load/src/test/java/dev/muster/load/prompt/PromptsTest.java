package dev.muster.load.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.PromptSource;
import dev.muster.drill.PromptSource.Conversation;
import dev.muster.drill.PromptSource.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptsTest {
  private static PromptSource few(int distinct, Size tokens) {
    return new PromptSource(1, null, tokens, Size.of(9), distinct, null);
  }

  private static PromptSource talk(Conversation talk, @Nullable Integer distinct) {
    return new PromptSource(1, null, new Size(5, 40), new Size(20, 30), distinct, talk);
  }

  private static List<Question> draw(int count, long seed, PromptSource... sources) {
    var prompts = new Prompts(List.of(sources), seed);
    return IntStream.range(0, count).mapToObj(n -> prompts.of("run-" + n)).toList();
  }

  @Test
  void eachRequestHasAPromptOfItsOwnWhereNothingElseIsSaid() {
    var all = draw(3, 1, PromptSource.once(50, 20));
    assertThat(all).extracting(Question::lastUserContent).doesNotHaveDuplicates();
    assertThat(all.get(1).lastUserContent()).startsWith("Request run-1. ").hasSize(167);
    assertThat(all).allMatch(q -> q.answerTokens() == 20 && !q.repeated());
  }

  @Test
  void fewPromptsComeEquallyOftenAndInAnotherOrderByEachSeed() {
    var all = draw(40, 1, few(8, new Size(10, 400)));
    var count = new HashMap<String, Integer>();
    all.forEach(q -> count.merge(q.messages().toString(), 1, Integer::sum));
    assertThat(count.values()).hasSize(8).allMatch(n -> n == 5);
    assertThat(all).allMatch(Question::repeated);
    var texts = all.stream().map(Question::text).toList();
    assertThat(draw(40, 1, few(8, new Size(10, 400)))).extracting(Question::text).isEqualTo(texts);
    assertThat(draw(40, 2, few(8, new Size(10, 400))))
        .extracting(Question::text)
        .isNotEqualTo(texts);
  }

  @Test
  void sizesAreBetweenTheirBoundsAndReachBoth() {
    var source = new PromptSource(1, null, new Size(30, 33), new Size(1, 2), null, null);
    var all = draw(200, 7, source);
    assertThat(all.stream().map(q -> q.lastUserContent().length()).distinct())
        .containsExactlyInAnyOrder(100, 103, 107, 110);
    assertThat(all.stream().map(Question::answerTokens).distinct()).containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void aMixHasItsWeights() {
    var all =
        draw(
            4000,
            3,
            new PromptSource(3, null, Size.of(5), Size.of(1), null, null),
            new PromptSource(1, null, Size.of(5), Size.of(2), null, null));
    assertThat(all.stream().filter(q -> q.answerTokens() == 1).count()).isBetween(2900L, 3100L);
  }

  @Test
  void aTurnCarriesThoseBeforeItWordForWord() {
    var all = draw(120, 5, talk(new Conversation(4, 100, 3), null));
    var byUser = new HashMap<Integer, Question>();
    var beginnings = new HashSet<String>();
    int followed = 0;
    for (int n = 0; n < all.size(); n++) {
      var question = all.get(n);
      var messages = question.messages();
      assertThat(messages.path(0).path("role").asString()).isEqualTo("system");
      assertThat(messages.path(0)).isEqualTo(all.getFirst().messages().path(0));
      assertThat(messages.path(messages.size() - 1).path("role").asString()).isEqualTo("user");
      var before = byUser.put(n % 3, question);
      if (before != null && messages.size() > 2) {
        followed++;
        assertThat(messages.size()).isEqualTo(before.messages().size() + 2);
        for (int i = 0; i < before.messages().size(); i++) {
          assertThat(messages.path(i)).isEqualTo(before.messages().path(i));
        }
      } else if (messages.size() == 2) {
        assertThat(beginnings.add(messages.path(1).toString())).as("a new one").isTrue();
      }
    }
    assertThat(followed).isGreaterThan(80);
    assertThat(all.getFirst().lastUserContent()).contains("run-0");
    assertThat(all).noneMatch(Question::repeated);
  }

  @Test
  void conversationsCanBeFewAsWell() {
    var all = draw(200, 5, talk(new Conversation(3, 0, 2), 4));
    assertThat(all.stream().map(q -> q.messages().toString()).distinct()).hasSize(12);
    assertThat(all).allMatch(Question::repeated);
  }

  @Test
  void promptsOfAFileComeAgainAndAgainWithTheSizeOfTheirAnswer(@TempDir Path folder)
      throws IOException {
    var file = folder.resolve("p.jsonl");
    Files.writeString(file, "\"a\"\n{\"prompt\": \"b\", \"output_tokens\": 77}\n");
    var all =
        draw(20, 1, new PromptSource(1, file.toString(), Size.of(1), new Size(1, 9), null, null));
    assertThat(all.stream().distinct()).hasSize(2);
    assertThat(all.stream().filter(q -> q.lastUserContent().equals("b")))
        .hasSize(10)
        .allMatch(q -> q.answerTokens() == 77);
  }
}
