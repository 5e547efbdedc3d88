package dev.muster.engine;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.util.List;

/**
 * A victim that also carries the load generator's own way in would measure the drill, not the
 * service.
 */
final class OwnPath {
  private OwnPath() {}

  static List<String> through(KubernetesClient client, String victim, URI endpoint) {
    return client.nodes().withName(victim).get().getStatus().getAddresses().stream()
        .filter(a -> a.getAddress().equals(endpoint.getHost()))
        .map(a ->
            "the endpoint %s is the victim %s itself (%s %s): every request would end with it; name the load balancer"
                .formatted(endpoint, victim, a.getType(), a.getAddress()))
        .toList();
  }
}
