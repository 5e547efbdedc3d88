package dev.muster.observe.ask;

import dev.muster.observe.ObservationException;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A pod that offers no port of the name that is asked for. */
public record NoPort(String pod, String port) implements JsonApi {

  @Override
  public JsonNode get(String path, Map<String, String> query) {
    throw new ObservationException("pod " + pod + " has no port named " + port);
  }

  @Override
  public JsonNode post(String path, JsonNode body) {
    return get(path, Map.of());
  }
}
