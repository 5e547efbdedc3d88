package dev.muster.verdict.finding;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a finding says, so that it can be said in several languages: an English template with
 * arguments, which may be sentences themselves. Immutable; equal where it says the same.
 *
 * <p>Templates are constants in the source: a test finds them there and asks for the translation of
 * each. Whole sentences are translated, not pieces: where words depend on something, there are two
 * templates.
 *
 * <pre>{@code
 * Sentence.of("node %s was NotReady %.1f s after the fault", node, seconds)
 * }</pre>
 */
public sealed interface Sentence {

  /**
   * @param template as for {@link String#format}, a percent sign doubled also where there are no
   *     arguments
   * @param arguments sentences and numbers; anything else is shown by its {@code toString()}, the
   *     same in every language
   */
  static Sentence of(String template, @Nullable Object... arguments) {
    return new Composed(
        template,
        Arrays.stream(arguments)
            .map(a -> a instanceof Sentence || a instanceof Number ? a : String.valueOf(a))
            .toList());
  }

  /** Sentences one after another; the separator is translated like a template. */
  static Sentence list(String separator, Collection<Sentence> parts) {
    return new Listed(separator, List.copyOf(parts));
  }

  /** Names one after another, themselves the same in every language. */
  static Sentence names(String separator, Collection<String> names) {
    return list(separator, names.stream().map(Sentence::quote).toList());
  }

  /** A name of the data for which a report has a word of its own: a check, phase, outcome … */
  static Sentence word(String kind, String name) {
    return new Word(kind, name);
  }

  /** What somebody else said: events, pods, settings, queries. The same in every language. */
  static Sentence quote(String text) {
    return new Quoted(text);
  }

  String in(Language language);

  default String english() {
    return in(Language.ENGLISH);
  }

  /** See {@link #of}. */
  record Composed(String template, List<Object> arguments) implements Sentence {
    @Override
    public String in(Language language) {
      return String.format(
          Locale.ROOT,
          language.template(template),
          arguments.stream().map(a -> a instanceof Sentence s ? s.in(language) : a).toArray());
    }

    @Override
    public String toString() {
      return english();
    }
  }

  /** See {@link #list}. */
  record Listed(String separator, List<Sentence> parts) implements Sentence {
    @Override
    public String in(Language language) {
      return parts.stream()
          .map(part -> part.in(language))
          .collect(Collectors.joining(language.template(separator)));
    }

    @Override
    public String toString() {
      return english();
    }
  }

  /** See {@link #word}. */
  record Word(String kind, String name) implements Sentence {
    @Override
    public String in(Language language) {
      return language.word(kind, name);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** See {@link #quote}. */
  record Quoted(String text) implements Sentence {
    @Override
    public String in(Language language) {
      return text;
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
