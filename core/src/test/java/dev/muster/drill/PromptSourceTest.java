package dev.muster.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.PromptSource.Conversation;
import dev.muster.drill.PromptSource.Size;
import dev.muster.drill.file.DrillException;
import dev.muster.drill.file.DrillFile;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptSourceTest {
  private static Drill.Load load(String fields, String expect) {
    var text =
        """
        apiVersion: muster.dev/v1
        kind: Drill
        metadata: {name: d}
        target: {namespace: n}
        load: {arrivals: {constant: 1/s}%s}
        faults: [{kind: PodKill}]
        expect: {%s}
        """
            .formatted(fields, expect);
    return Objects.requireNonNull(DrillFile.parse(text, "d.yaml").load());
  }

  @Test
  void eachRequestHasAPromptOfItsOwnUnlessSomethingElseIsSaid() {
    var load = load(", prompt: {tokens: 50}, answer: {tokens: 9}", "residue: none");
    assertThat(load.prompts()).containsExactly(PromptSource.once(50, 9));
    assertThat(load.compared()).isFalse();
    assertThat(PromptSource.once(50, 9).repeats()).isFalse();
  }

  @Test
  void everyFieldIsRead() {
    var load =
        load(
            ", prompts: [{weight: 3, tokens: {min: 5, max: 50}, answerTokens: 7, distinct: 8},"
                + " {file: p.jsonl, answerTokens: {min: 1, max: 2}},"
                + " {conversation: {turns: 4, sharedTokens: 1000, users: 5}}]",
            "content: unchanged");
    assertThat(load.prompts())
        .isEqualTo(
            List.of(
                new PromptSource(3, null, new Size(5, 50), Size.of(7), 8, null),
                new PromptSource(1, "p.jsonl", Size.of(200), new Size(1, 2), null, null),
                new PromptSource(
                    1, null, Size.of(200), Size.of(120), null, new Conversation(4, 1000, 5))));
    assertThat(load.prompts()).extracting(PromptSource::repeats).containsExactly(true, true, false);
    assertThat(load.compared()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | 5:44: load.prompts must not be empty",
        "[{}] | 5:45: load.prompts[0] must not be empty",
        "[{weight: 2}] | 5:54: a weight is a share among several sources: this is one",
        "[{file: a, tokens: 9}] | 5:63: the prompts are those of the file: it takes no tokens",
        "[{file: a, distinct: 9}] | the prompts are those of the file: it takes no distinct",
        "[{tokens: {min: 9, max: 8}}] | min 9 is above max 8: no size",
        "[{tokens: {min: 9}}] | load.prompts[0].tokens lacks \"max\"",
        "[{tokens: 0}] | load.prompts[0].tokens must be at least 1",
        "[{tokens: much}] | load.prompts[0].tokens must be a number of tokens, or {min, max}",
        "[{conversation: {turns: 1}}] | turns must be at least 2",
        "[{conversation: {}}] | lacks \"turns\"",
      })
  void whatMakesNoSenseIsRefusedAtItsPlace(String prompts, String why) {
    assertThatThrownBy(() -> load(", prompts: " + prompts, "residue: none"))
        .isInstanceOf(DrillException.class)
        .hasMessageContaining(why);
  }

  @Test
  void answersAreComparedOnlyWhereTheSameIsAskedAgain() {
    for (var prompts : new String[] {"", ", prompts: [{tokens: 9}]"}) {
      assertThatThrownBy(() -> load(prompts, "content: unchanged"))
          .isInstanceOf(DrillException.class)
          .hasMessageContaining("d.yaml:7:19: content compares answers to the same prompt")
          .hasMessageContaining("distinct: 8");
    }
    assertThat(load(", prompts: [{file: a}]", "content: unchanged").compared()).isTrue();
  }
}
