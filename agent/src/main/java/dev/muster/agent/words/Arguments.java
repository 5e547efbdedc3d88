package dev.muster.agent.words;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the agent is told to do: words of the form {@code name=value}. */
public record Arguments(Map<String, String> values) {

  /**
   * @throws IllegalArgumentException for a word of another form
   */
  public static Arguments of(List<String> words) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("'" + word + "' is not of the form name=value");
      }
      values.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return new Arguments(values);
  }

  /**
   * @throws IllegalArgumentException if it was not given
   */
  public String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("lacks " + name + "=");
    }
    return value;
  }

  public String text(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  public long number(String name, long otherwise) {
    String value = values.get(name);
    return value == null ? otherwise : Long.parseLong(value);
  }

  public Duration seconds(String name) {
    return Duration.ofMillis(Math.round(Double.parseDouble(text(name)) * 1000));
  }
}
