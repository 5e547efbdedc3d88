package dev.muster.verdict.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SentenceTest {
  private static final Sentence LATE =
      Sentence.of(
          "%.1f s of %d %%: %s; but %s",
          12.25,
          40,
          Sentence.word("phase", "toleration"),
          Sentence.list(
              " and ", List.of(Sentence.of("nobody looked"), Sentence.quote("no route"))));

  @Test
  void englishIsTheTemplateWithItsArguments() {
    assertThat(LATE.english())
        .isEqualTo("12.3 s of 40 %: toleration; but nobody looked and no route");
    assertThat(LATE).hasToString(LATE.english());
  }

  @Test
  void anotherLanguageMayOrderItsWordsOtherwiseAndLeavesWhatOthersSaid() {
    var templates =
        Map.of(
            "%.1f s of %d %%: %s; but %s", "[%3$s] %2$d %% %1$.1f 秒，%4$s",
            "nobody looked", "未检查",
            " and ", " 和 ");
    assertThat(LATE.in(language(templates))).isEqualTo("[容忍等待] 40 % 12.3 秒，未检查 和 no route");
  }

  @Test
  void whatIsNotTranslatedStaysEnglish() {
    assertThat(LATE.in(language(Map.of("nobody looked", "未检查"))))
        .isEqualTo("12.3 s of 40 %: 容忍等待; but 未检查 and no route");
  }

  @Test
  void sentencesThatSayTheSameAreEqual() {
    assertThat(Sentence.of("%s left", List.of("a"))).isEqualTo(Sentence.of("%s left", "[a]"));
    assertThat(Sentence.names(", ", List.of("a", "b"))).hasToString("a, b");
  }

  private static Language language(Map<String, String> templates) {
    return new Language() {
      @Override
      public String template(String english) {
        return templates.getOrDefault(english, english);
      }

      @Override
      public String word(String kind, String name) {
        return kind.equals("phase") && name.equals("toleration") ? "容忍等待" : name;
      }
    };
  }
}
