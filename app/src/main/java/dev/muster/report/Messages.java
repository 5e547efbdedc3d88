package dev.muster.report;

import dev.muster.verdict.finding.Language;
import dev.muster.verdict.finding.Sentence;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import java.util.Set;

/** The words and sentences of a report in one language. */
final class Messages {
  private final ResourceBundle bundle;
  private final String language;
  private final Language sentences;

  private Messages(String language, ResourceBundle bundle) {
    this.language = language;
    this.bundle = bundle;
    this.sentences = Translation.to(this);
  }

  /**
   * @param language en or zh
   */
  static Messages in(String language) {
    return new Messages(
        language,
        ResourceBundle.getBundle(
            "dev.muster.report.messages",
            Locale.of(language),
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES)));
  }

  String language() {
    return language;
  }

  Set<String> keys() {
    return bundle.keySet();
  }

  boolean has(String key) {
    return bundle.containsKey(key);
  }

  String of(String key) {
    return bundle.getString(key);
  }

  /** The word for a name of the data, like a milestone; the name itself where there is no word. */
  String of(String kind, String name) {
    try {
      return of(kind + "." + name.replace(' ', '_'));
    } catch (MissingResourceException e) {
      return name; // from a later version of Muster: still better told than hidden
    }
  }

  /** What a finding says. */
  String say(Sentence sentence) {
    return sentence.in(sentences);
  }

  String sentence(String key, Object... values) {
    return new MessageFormat(of(key), Locale.ROOT).format(values);
  }
}
