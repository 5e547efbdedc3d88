package dev.muster.observe.ask;

import dev.muster.drill.observer.Place;
import dev.muster.observe.ObservationException;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A program that answers JSON over HTTP, wherever it is reached. Thread-safe, blocking. */
public interface JsonApi {

  /**
   * @param probe does not try again: what it is told once is what it says
   * @param token goes to a URL only, and stands in no message
   */
  static JsonApi of(Place place, KubernetesClient probe, @Nullable String token) {
    return switch (place) {
      case Place.Url url -> new DirectJson(DirectJson.HTTP, url.uri(), token);
      case Place.Service service -> new ProxiedJson(probe, service);
    };
  }

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
