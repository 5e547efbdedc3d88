package dev.muster.observe.data;

import dev.muster.observe.ObservationException;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JDBC URL as the drill has it, with {@code {{NAME}}} for environment variables, and what in it
 * may be secret: the variables' values, users and passwords before an {@code @}, the values of
 * parameters.
 */
final class SecretUrl {
  private static final Pattern VARIABLE = Pattern.compile("\\{\\{([A-Za-z_][A-Za-z0-9_]*)}}");
  private static final Pattern USER = Pattern.compile("^jdbc:[^:]+:(?:.*//)?(.*)@");
  private static final Pattern PARTS = Pattern.compile("[:/]");
  private static final Pattern PARAMETER = Pattern.compile("[?&;][^=&;]+=([^&;]*)");

  private final String written;
  private final Map<String, String> environment;

  SecretUrl(String written, Map<String, String> environment) {
    this.written = written;
    this.environment = Map.copyOf(environment);
  }

  /**
   * @throws ObservationException if a variable is not set
   */
  String filled() {
    return VARIABLE.matcher(written).replaceAll(m -> Matcher.quoteReplacement(value(m.group(1))));
  }

  private String value(String variable) {
    var value = environment.get(variable);
    if (value == null) {
      throw new ObservationException(
          "the URL names {{" + variable + "}}: set this environment variable");
    }
    return value;
  }

  /** A driver's own words may hold the URL, or its parts. */
  String withoutSecrets(String message) {
    var secrets = secrets().stream().sorted(Comparator.comparingInt(String::length).reversed());
    return secrets.reduce(message, (text, secret) -> text.replace(secret, "…"));
  }

  private Set<String> secrets() {
    var filled = filled();
    var secrets = new LinkedHashSet<String>();
    VARIABLE.matcher(written).results().forEach(m -> secrets.add(value(m.group(1))));
    USER.matcher(filled)
        .results()
        .flatMap(m -> PARTS.splitAsStream(m.group(1)))
        .forEach(secrets::add);
    PARAMETER.matcher(filled).results().forEach(m -> secrets.add(m.group(1)));
    secrets.remove("");
    return secrets;
  }
}
