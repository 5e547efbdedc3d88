package dev.muster.chaosmesh;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Values as YAML on one line. No YAML library writes comments, and they are half of a drill. */
final class YamlText {
  /**
   * What every reader of YAML takes for a text as it stands: words, durations, sizes, addresses.
   */
  private static final Pattern PLAIN =
      Pattern.compile(
          "[A-Za-z_][A-Za-z0-9_./-]*"
              + "|[0-9]+(ms|[smh])"
              + "|[0-9]+(%|[KMG]i?B?)"
              + "|([0-9]+\\.){3}[0-9]+(/[0-9]+)?"
              + "|https?://[A-Za-z0-9_./:-]*[A-Za-z0-9_/-]");

  private static final Set<String> RESERVED =
      Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

  private YamlText() {}

  static String flow(Object value) {
    return switch (value) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> flow(entry.getKey()) + ": " + flow(entry.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case List<?> list ->
          list.stream().map(YamlText::flow).collect(Collectors.joining(", ", "[", "]"));
      case Integer number -> number.toString();
      default -> scalar(value.toString());
    };
  }

  /** Safe in a comment: on one line. */
  static String line(String text) {
    return text.replaceAll("\\p{Cntrl}+|\\u2028|\\u2029", " ");
  }

  private static String scalar(String text) {
    boolean plain =
        PLAIN.matcher(text).matches() && !RESERVED.contains(text.toLowerCase(Locale.ROOT));
    return plain ? text : JsonMapper.shared().writeValueAsString(text);
  }
}
