package dev.muster.observe.ask;

import dev.muster.observe.ObservationException;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A program that answers JSON over HTTP, wherever it is reached. Thread-safe, blocking. */
public interface JsonApi {
  /**
   * @param path begins with a slash
   * @param query is encoded
   * @throws ObservationException if there was no answer, or none of 2xx with JSON in it
   */
  JsonNode get(String path, Map<String, String> query);

  /**
   * @throws ObservationException as {@link #get}
   */
  JsonNode post(String path, JsonNode body);
}
