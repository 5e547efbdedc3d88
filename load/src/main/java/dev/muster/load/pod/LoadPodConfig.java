package dev.muster.load.pod;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.muster.drill.Arrivals;
import dev.muster.drill.Drill;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What all pods of a load are told, from a Secret: it holds keys, and stands in no arguments.
 *
 * @param load as the drill has it; files that it names are the pod's own
 * @param endpoint http(s) URL of the API, as a pod reaches it
 * @param host sent as such where the URL has only an address; null where the URL has the name
 * @param run begins every request's id
 * @param environment variables that the headers need
 * @param apiKey sent as bearer token
 * @param token whoever asks a pod must know it
 */
public record LoadPodConfig(
    Drill.Load load,
    String endpoint,
    @Nullable String host,
    String run,
    int pods,
    Map<String, String> environment,
    String apiKey,
    String token) {
  private static final JsonMapper JSON =
      JsonMapper.builder().addMixIn(Arrivals.class, Named.class).build();

  /** What is one of several kinds has the name of its kind in it. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Arrivals.Paced.class, name = "paced"),
    @JsonSubTypes.Type(value = Arrivals.Trace.class, name = "trace")
  })
  private interface Named {}

  public String json() {
    return JSON.writeValueAsString(this);
  }

  public static LoadPodConfig read(String json) {
    return JSON.readValue(json, LoadPodConfig.class);
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return "run " + run + " to " + endpoint + " from " + pods + " pods";
  }
}
