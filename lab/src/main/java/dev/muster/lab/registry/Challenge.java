package dev.muster.lab.registry;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a registry wants to be told who asks (RFC 9110, 11.6.1).
 *
 * @param scheme bearer or basic
 * @param parameters like realm, service and scope, which are empty where they are not named
 */
record Challenge(String scheme, Map<String, String> parameters) {
  static final String BEARER = "bearer";
  static final String BASIC = "basic";

  private static final Pattern PARAMETER =
      Pattern.compile("(\\w+)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,\"]+))");

  Challenge {
    parameters = Map.copyOf(parameters);
  }

  /** Of the headers {@code WWW-Authenticate}; a token rather than a password; empty if neither. */
  static Optional<Challenge> of(List<String> headers) {
    return headers.stream()
        .map(Challenge::of)
        .filter(c -> c.scheme.equals(BEARER) || c.scheme.equals(BASIC))
        .min(Comparator.comparing(c -> c.scheme.equals(BASIC)));
  }

  private static Challenge of(String header) {
    String text = header.strip();
    int end = text.indexOf(' ');
    Map<String, String> parameters = new HashMap<>();
    Matcher found = PARAMETER.matcher(text);
    while (found.find()) {
      String quoted = found.group(2);
      parameters.put(
          found.group(1).toLowerCase(Locale.ROOT),
          quoted == null ? found.group(3) : quoted.replaceAll("\\\\(.)", "$1"));
    }
    return new Challenge(
        (end < 0 ? text : text.substring(0, end)).toLowerCase(Locale.ROOT), parameters);
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }
}
