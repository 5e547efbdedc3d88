package dev.muster.engine.wiring;

import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Snapshot;
import dev.muster.cluster.select.TargetException;
import java.net.URI;

/**
 * A victim that also carries the load generator's own way in would measure the drill, not the
 * service.
 */
final class LoadPathGuard {
  private LoadPathGuard() {}

  /**
   * @throws TargetException if the endpoint is the victim itself
   */
  static void refuseThrough(Snapshot snapshot, String victim, URI endpoint) {
    snapshot.node(victim).stream()
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
