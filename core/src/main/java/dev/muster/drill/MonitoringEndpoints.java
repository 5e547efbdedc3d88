package dev.muster.drill;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the programs that watch the cluster are reached: what {@code observe} says, else the
 * services that the chart of {@code monitor} has by fixed names.
 *
 * @param receiver namespace of the {@code muster-receiver} that Alertmanager notifies
 */
public record MonitoringEndpoints(
    Optional<Place> prometheus,
    Optional<Place> alertmanager,
    Optional<Place> elasticsearch,
    Optional<Place> grafana,
    Optional<String> receiver) {

  public sealed interface Place {}

  public record Url(URI uri) implements Place {
    @Override
    public String toString() {
      return uri.toString();
    }
  }

  /** A Service of the cluster, reached through the API server's proxy. */
  public record Service(String namespace, String name, int port) implements Place {
    @Override
    public String toString() {
      return "service/" + namespace + "/" + name + ":" + port;
    }
  }

  public static MonitoringEndpoints of(Drill drill) {
    Drill.Observe observe = drill.observe();
    Drill.@Nullable Deploy monitor = drill.monitor();
    Optional<Place> alertmanager = place(observe.alertmanager(), monitor, "alertmanager", 9093);
    return new MonitoringEndpoints(
        place(observe.prometheus(), monitor, "prometheus", 9090),
        alertmanager,
        place(observe.elasticsearch(), monitor, "opensearch", 9200),
        Optional.ofNullable(observe.grafana()).map(MonitoringEndpoints::place),
        alertmanager
            .filter(Service.class::isInstance)
            .map(s -> ((Service) s).namespace())
            .or(() -> Optional.ofNullable(monitor).map(Drill.Deploy::namespace)));
  }

  private static Optional<Place> place(
      @Nullable String said, Drill.@Nullable Deploy monitor, String name, int port) {
    if (said != null) {
      return Optional.of(place(said));
    }
    return Optional.ofNullable(monitor).map(m -> new Service(m.namespace(), name, port));
  }

  /**
   * @param said as the drill's schema allows it
   */
  private static Place place(String said) {
    if (!said.startsWith("service/")) {
      return new Url(URI.create(said.replaceAll("/+$", "")));
    }
    String[] parts = said.split("[/:]", -1);
    return new Service(parts[1], parts[2], Integer.parseInt(parts[3]));
  }
}
