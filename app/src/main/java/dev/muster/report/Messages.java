package dev.muster.report;

import dev.muster.verdict.finding.Language;
import dev.muster.verdict.finding.Sentence;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.Set;

/** The words and sentences of a report in one language. */
final class Messages {
  private final Map<String, String> words;
  private final String language;
  private final Language sentences;

  private Messages(String language, Map<String, String> words) {
    this.language = language;
    this.words = words;
    this.sentences = Translation.to(this);
  }

  /**
   * @param language en or zh
   */
  static Messages in(String language) {
    var words = CheckWords.words(language);
    var bundle =
        ResourceBundle.getBundle(
            "dev.muster.report.messages",
            Locale.of(language),
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    bundle.keySet().forEach(key -> CheckWords.add(words, key, bundle.getString(key)));
    return new Messages(language, Map.copyOf(words));
  }

  String language() {
    return language;
  }

  Set<String> keys() {
    return words.keySet();
  }

  boolean has(String key) {
    return words.containsKey(key);
  }

  String of(String key) {
    String word = words.get(key);
    if (word == null) {
      throw new IllegalArgumentException("no word for " + key);
    }
    return word;
  }

  /** The word for a name of the data, like a milestone; the name itself where there is no word. */
  String of(String kind, String name) {
    // one from a later version of Muster is still better told than hidden
    return words.getOrDefault(kind + "." + name.replace(' ', '_'), name);
  }

  /** What a finding says. */
  String say(Sentence sentence) {
    return sentence.in(sentences);
  }

  String sentence(String key, Object... values) {
    return new MessageFormat(of(key), Locale.ROOT).format(values);
  }
}
