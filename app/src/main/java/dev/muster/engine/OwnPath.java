package dev.muster.engine;

import dev.muster.cluster.TargetException;
import dev.muster.cluster.Pods;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.util.stream.Stream;

/**
 * A victim that also carries the load generator's own way in would measure the drill, not the
 * service.
 */
final class OwnPath {
  private OwnPath() {}

  /**
   * @throws TargetException if the endpoint is the victim itself
   */
  static void refuseThrough(KubernetesClient client, String victim, URI endpoint) {
    Stream.ofNullable(client.nodes().withName(victim).get())
        .flatMap(node -> Pods.addresses(node).stream())
        .filter(a -> a.getAddress().equals(endpoint.getHost()))
        .findFirst()
        .ifPresent(a -> {
          throw new TargetException(
              "/target/endpoint",
              "the endpoint %s is the victim %s itself (%s %s): every request would end with it;"
                      .formatted(endpoint, victim, a.getType(), a.getAddress())
                  + " name the load balancer");
        });
  }
}
