package dev.muster.report;

import dev.muster.verdict.finding.Language;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Sentences in another language than English, from {@code sentences_<language>.yaml}: a map from
 * the English template to the translated one. Immutable.
 *
 * @param templates by the English one; what is missing stays English
 */
record Translation(Map<String, String> templates, Messages messages) implements Language {

  /** English where there is no file for the language of the words. */
  static Language to(Messages messages) {
    String file = "sentences_" + messages.language() + ".yaml";
    try (InputStream in = Translation.class.getResourceAsStream(file)) {
      return in == null ? Language.ENGLISH : new Translation(read(file, in), messages);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> read(String file, InputStream in) {
    // a key that is there twice is an error: one of the two would be shown and the other believed
    var settings = LoadSettings.builder().setLabel(file).setAllowDuplicateKeys(false).build();
    var templates = new HashMap<String, String>();
    ((Map<?, ?>) new Load(settings).loadFromInputStream(in))
        .forEach((english, other) -> templates.put(english.toString(), other.toString()));
    return Map.copyOf(templates);
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
