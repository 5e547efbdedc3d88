package dev.muster.observe.ask;

import dev.muster.observe.ObservationException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What both ways to a program have in common: how it is asked and what counts as an answer. */
abstract sealed class HttpJson implements JsonApi permits DirectJson, ProxiedJson {
  /** Long enough for a range query of a whole run, short enough not to hold up an abort. */
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int SAID = 200;

  /**
   * @param status 0 where nobody answered; then {@code body} says why
   */
  record Answer(int status, String body) {}

  /**
   * @param path with its query, encoded
   * @param body null for a GET
   */
  abstract Answer send(String path, @Nullable String body);

  /** Where it is, for messages; never with a token in it. */
  abstract String where();

  @Override
  public final JsonNode get(String path, Map<String, String> query) {
    return parse(path, send(path + text(query), null));
  }

  @Override
  public final JsonNode post(String path, JsonNode body) {
    return parse(path, send(path, MAPPER.writeValueAsString(body)));
  }

  private JsonNode parse(String path, Answer answer) {
    String asked = where() + " asked for " + path;
    if (answer.status == 0) {
      throw new ObservationException(asked + ": " + answer.body);
    }
    if (answer.status < 200 || answer.status > 299) {
      throw new ObservationException(
          asked + ": HTTP " + answer.status + (answer.body.isBlank() ? "" : ", " + said(answer)));
    }
    try {
      return MAPPER.readTree(answer.body);
    } catch (JacksonException e) {
      throw new ObservationException(asked + ": the answer is no JSON: " + said(answer));
    }
  }

  private static String said(Answer answer) {
    String line = answer.body.strip().replaceAll("\\s+", " ");
    return line.length() <= SAID ? line : line.substring(0, SAID) + " …";
  }

  private static String text(Map<String, String> query) {
    return query.isEmpty()
        ? ""
        : new TreeMap<>(query)
            .entrySet().stream()
                .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
                .collect(Collectors.joining("&", "?", ""));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
