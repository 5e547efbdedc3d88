package dev.muster.report;

import dev.muster.verdict.finding.Language;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Sentences in another language than English, from {@code sentences_<language>.yaml}, a map from
 * the English template to the translated one, and from the checks' own files. Immutable.
 *
 * @param templates by the English one; what is missing stays English
 */
record Translation(Map<String, String> templates, Messages messages) implements Language {

  /** English where there is no file for the language of the words. */
  static Language to(Messages messages) {
    String file = "sentences_" + messages.language() + ".yaml";
    try (InputStream in = Translation.class.getResourceAsStream(file)) {
      if (in == null) {
        return Language.ENGLISH;
      }
      var templates = CheckWords.sentences(messages.language());
      CheckWords.read(file, in)
          .forEach((english, other) -> CheckWords.add(templates, english, other));
      return new Translation(Map.copyOf(templates), messages);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String template(String english) {
    return templates.getOrDefault(english, english);
  }

  @Override
  public String word(String kind, String name) {
    return messages.of(kind, name);
  }
}
