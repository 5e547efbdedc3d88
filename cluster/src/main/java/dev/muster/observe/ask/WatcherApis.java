package dev.muster.observe.ask;

import dev.muster.drill.Watchers;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The ways to the programs that watch the cluster. Tokens come from the environment, go to URLs
 * only, and stand in no message.
 */
public final class WatcherApis implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(3);

  private final Watchers watchers;
  private final KubernetesClient client;
  private final Map<String, String> environment;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();

  /**
   * @param client does not try again: what it is told once is what it says
   */
  public WatcherApis(Watchers watchers, KubernetesClient client, Map<String, String> environment) {
    this.watchers = watchers;
    this.client = client;
    this.environment = Map.copyOf(environment);
  }

  public Optional<JsonApi> prometheus() {
    return watchers.prometheus().map(p -> to(p, "MUSTER_PROMETHEUS_TOKEN"));
  }

  public Optional<JsonApi> alertmanager() {
    return watchers.alertmanager().map(p -> to(p, "MUSTER_ALERTMANAGER_TOKEN"));
  }

  public Optional<JsonApi> elasticsearch() {
    return watchers.elasticsearch().map(p -> to(p, "MUSTER_ELASTICSEARCH_TOKEN"));
  }

  public Optional<JsonApi> grafana() {
    return watchers.grafana().map(p -> to(p, "MUSTER_GRAFANA_TOKEN"));
  }

  private JsonApi to(Watchers.Place place, String token) {
    return switch (place) {
      case Watchers.Url url -> new DirectJson(http, url.uri(), environment.get(token));
      case Watchers.Service service -> new ProxiedJson(client, service);
    };
  }

  @Override
  public void close() {
    http.close();
  }
}
