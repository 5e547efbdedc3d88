package dev.muster.observe.ask;

import dev.muster.drill.MonitoringEndpoints;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The ways to the programs that watch the cluster. Tokens come from the environment, go to URLs
 * only, and stand in no message.
 */
public final class MonitoringApis implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(3);

  private final MonitoringEndpoints endpoints;
  private final KubernetesClient client;
  private final Map<String, String> environment;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();

  /**
   * @param client does not try again: what it is told once is what it says
   */
  public MonitoringApis(
      MonitoringEndpoints endpoints, KubernetesClient client, Map<String, String> environment) {
    this.endpoints = endpoints;
    this.client = client;
    this.environment = Map.copyOf(environment);
  }

  public Optional<JsonApi> prometheus() {
    return endpoints.prometheus().map(p -> to(p, "MUSTER_PROMETHEUS_TOKEN"));
  }

  public Optional<JsonApi> alertmanager() {
    return endpoints.alertmanager().map(p -> to(p, "MUSTER_ALERTMANAGER_TOKEN"));
  }

  public Optional<JsonApi> elasticsearch() {
    return endpoints.elasticsearch().map(p -> to(p, "MUSTER_ELASTICSEARCH_TOKEN"));
  }

  public Optional<JsonApi> grafana() {
    return endpoints.grafana().map(p -> to(p, "MUSTER_GRAFANA_TOKEN"));
  }

  private JsonApi to(MonitoringEndpoints.Place place, String token) {
    return switch (place) {
      case MonitoringEndpoints.Url url -> new DirectJson(http, url.uri(), environment.get(token));
      case MonitoringEndpoints.Service service -> new ProxiedJson(client, service);
    };
  }

  @Override
  public void close() {
    http.close();
  }
}
