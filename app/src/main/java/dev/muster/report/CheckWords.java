package dev.muster.report;

import dev.muster.verdict.Checks;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What checks are called and what each alone says, of the files beside them in core's resources:
 * {@code <Check>.yaml} has {@code words} as in {@code messages_*.properties}, each in every
 * language, and sentences as in {@code sentences_*.yaml} below the language that they are in.
 */
final class CheckWords {
  private static final List<Map<?, ?>> FILES =
      Checks.all().stream().<Map<?, ?>>flatMap(check -> file(check.getClass())).toList();

  private CheckWords() {}

  private static Stream<Map<?, ?>> file(Class<?> check) {
    String name = check.getSimpleName() + ".yaml";
    try (InputStream in = check.getResourceAsStream(name)) {
      return in == null ? Stream.empty() : Stream.of(read(name, in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A key that is there twice is an error: one would be shown and the other believed. */
  static Map<?, ?> read(String name, InputStream in) {
    var settings = LoadSettings.builder().setLabel(name).setAllowDuplicateKeys(false).build();
    return (Map<?, ?>) new Load(settings).loadFromInputStream(in);
  }

  /** By the keys of {@code messages_*.properties}. */
  static Map<String, String> words(String language) {
    Map<String, String> all = new HashMap<>();
    for (Map<?, ?> file : FILES) {
      part(file, "words").forEach((key, word) -> add(all, key, ((Map<?, ?>) word).get(language)));
    }
    return all;
  }

  /** By the English ones. */
  static Map<String, String> sentences(String language) {
    Map<String, String> all = new HashMap<>();
    for (Map<?, ?> file : FILES) {
      part(file, language).forEach((english, other) -> add(all, english, other));
    }
    return all;
  }

  private static Map<?, ?> part(Map<?, ?> file, String name) {
    return file.get(name) instanceof Map<?, ?> part ? part : Map.of();
  }

  /** In two files one would be shown and the other believed as well. */
  static void add(Map<String, String> all, Object key, @Nullable Object text) {
    if (text != null && all.put(key.toString(), text.toString()) != null) {
      throw new IllegalStateException("\"" + key + "\" has its words twice");
    }
  }
}
