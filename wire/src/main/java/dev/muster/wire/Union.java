package dev.muster.wire;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A sealed interface in JSON: one property names the record, the others are its components.
 *
 * @param property that names it
 * @param types by the word that stands for each
 */
record Union<T>(String property, Map<String, Class<? extends Record>> types, Class<T> all) {
  static final Union<DeedSpec> DEEDS = of("kind", DeedSpec.class, UnaryOperator.identity());

  static final Union<AgentEvent> EVENTS =
      of(
          "event",
          AgentEvent.class,
          name -> name.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT));

  private static <T> Union<T> of(String property, Class<T> all, UnaryOperator<String> words) {
    Map<String, Class<? extends Record>> types = new TreeMap<>();
    for (Class<?> each : all.getPermittedSubclasses()) {
      if (each.isRecord() && each != AgentEvent.Unknown.class) {
        types.put(words.apply(each.getSimpleName()), each.asSubclass(Record.class));
      }
    }
    return new Union<>(property, types, all);
  }

  boolean knows(String word) {
    return types.containsKey(word);
  }

  String word(T value) {
    return types.entrySet().stream()
        .filter(each -> each.getValue().isInstance(value))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  /**
   * @throws IllegalArgumentException for a word that is not known, and as {@link WireJson#read}
   */
  T read(Map<String, Object> values, boolean strict) {
    Map<String, Object> rest = new LinkedHashMap<>(values);
    String word = String.valueOf(rest.remove(property));
    Class<? extends Record> type = types.get(word);
    if (type == null) {
      throw new IllegalArgumentException(
          "unknown %s %s, known are %s"
              .formatted(property, word, String.join(", ", types.keySet())));
    }
    return all.cast(WireJson.read(type, rest, strict));
  }
}
