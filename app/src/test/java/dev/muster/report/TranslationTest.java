package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whoever adds a sentence to a check adds its Chinese. */
class TranslationTest {
  private static final Path SOURCES =
      Path.of(Objects.requireNonNullElse(System.getProperty("muster.dist"), ".."));
  private static final Pattern PLACEHOLDER =
      Pattern.compile("%(?:(\\d+)\\$)?([-#+ 0,(]*\\d*(?:\\.\\d+)?)([a-zA-Z%])");

  private static Templates source;
  private static Map<String, String> chinese;

  @BeforeAll
  static void read() throws IOException {
    source =
        Templates.in(
            SOURCES.resolve("core/src/main/java/dev/muster/verdict"),
            SOURCES.resolve("app/src/main/java/dev/muster/report"));
    chinese = ((Translation) Translation.to(Messages.in("zh"))).templates();
  }

  @Test
  void noWordsOfASentenceEscapeTranslation() {
    assertThat(source.doubts()).isEmpty();
  }

  @Test
  void everySentenceHasItsChinese() {
    var missing = new TreeSet<>(source.arguments().keySet());
    missing.removeAll(chinese.keySet());
    assertThat(missing).as("missing in sentences_zh.yaml, or in the file of the check").isEmpty();
  }

  @Test
  void noChineseIsLeftOfASentenceThatIsGone() {
    var stale = new TreeSet<>(chinese.keySet());
    stale.removeAll(source.arguments().keySet());
    assertThat(stale).as("in a file, and nobody says it").isEmpty();
  }

  @Test
  void theChineseTakesTheSameArguments() {
    chinese.forEach((english, other) ->
        assertThat(placeholders(other)).as(other).isEqualTo(placeholders(english)));
  }

  @Test
  void aTemplateIsGivenWhatItAsksFor() {
    source
        .arguments()
        .forEach((template, n) -> assertThat(placeholders(template)).as(template).hasSize(n));
  }

  @Test
  void theChineseIsChinese() {
    chinese.values().forEach(text -> assertThat(text).containsPattern("\\P{ASCII}"));
  }

  @Test
  void englishIsSaidAsItIsWritten() {
    var words = Messages.in("en");
    source
        .arguments()
        .keySet()
        .forEach(t -> assertThat(Translation.to(words).template(t)).isEqualTo(t));
    assertThat(Translation.to(words).word("phase", "detection")).isEqualTo("detection");
  }

  /** Index and conversion of each, whatever their order. */
  private static Set<String> placeholders(String template) {
    var found = new TreeSet<String>();
    int next = 0;
    var matcher = PLACEHOLDER.matcher(template);
    while (matcher.find()) {
      if (!matcher.group(3).equals("%")) {
        int index = matcher.group(1) == null ? ++next : Integer.parseInt(matcher.group(1));
        found.add(index + "$" + matcher.group(2) + matcher.group(3));
      }
    }
    return found;
  }
}
