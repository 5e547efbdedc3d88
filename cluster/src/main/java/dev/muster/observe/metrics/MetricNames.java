package dev.muster.observe.metrics;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The metrics that a PromQL expression names, read by the form of its words: enough to find the
 * misspelt one, and no parser.
 */
final class MetricNames {
  private static final Pattern TEXT =
      Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'|`[^`]*`");
  private static final Pattern LABELS = Pattern.compile("\\{[^}]*}|\\[[^]]*]");
  private static final Pattern GROUPING =
      Pattern.compile(
          "\\b(?:by|without|on|ignoring|group_left|group_right)\\s*(?:\\([^)]*\\))?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern NAME =
      Pattern.compile("(?<![\\w:.])[a-zA-Z_:][\\w:]*(?!\\s*\\(|[\\w:])");
  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "bool", "offset", "atan2", "inf", "nan");

  private MetricNames() {}

  static Set<String> of(String expression) {
    String bare = TEXT.matcher(expression).replaceAll("");
    bare = LABELS.matcher(bare).replaceAll(" ");
    bare = GROUPING.matcher(bare).replaceAll(" ");
    Set<String> names = new LinkedHashSet<>();
    NAME.matcher(bare).results().map(r -> r.group()).forEach(names::add);
    names.removeIf(n -> WORDS.contains(n.toLowerCase(java.util.Locale.ROOT)));
    return names;
  }
}
