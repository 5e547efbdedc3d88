package dev.muster.load.answer;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The words in which servers and gateways tell an error, whatever the shape of their JSON. */
public final class ServerErrors {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> PLACES = List.of("error", "message", "detail");

  private ServerErrors() {}

  /** What a chunk tells of an error; null if it is none. */
  public static @Nullable String ofChunk(JsonNode chunk) {
    var error = chunk.path("error");
    if (!error.isMissingNode() && !error.isNull()) {
      return of(error);
    }
    return chunk.path("object").asString("").equals("error") ? of(chunk) : null; // older vLLM
  }

  /** What the data of an event tells that is known to be an error. */
  public static String ofErrorEvent(String data) {
    if (data.isEmpty()) {
      return "an error event without words";
    }
    var json = parse(data);
    return json == null ? data : of(json);
  }

  /** What text tells that came instead of events; null if it is no error in JSON. */
  static @Nullable String ofUnframed(String text) {
    var json = parse(text);
    boolean error = json != null && json.isObject() && PLACES.stream().anyMatch(json::hasNonNull);
    return json != null && error && !json.has("choices") ? of(json) : null;
  }

  private static @Nullable JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      return null;
    }
  }

  private static String of(JsonNode node) {
    if (node.isString() && !node.asString("").isBlank()) {
      return node.asString("");
    }
    for (var place : PLACES) {
      if (node.hasNonNull(place)) {
        var words = of(node.path(place));
        if (!words.equals("\"\"")) {
          return words;
        }
      }
    }
    return node.toString();
  }
}
