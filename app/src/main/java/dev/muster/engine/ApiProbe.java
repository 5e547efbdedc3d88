package dev.muster.engine;

import dev.muster.fault.NodeProbe;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.Optional;

/** Asks the API server about a node, and through it the node's kubelet. */
record ApiProbe(KubernetesClient client) implements NodeProbe {

  @Override
  public Optional<Instant> lastRenewal(String node) {
    return Optional.ofNullable(client.leases().inNamespace("kube-node-lease").withName(node).get())
        .map(Lease::getSpec)
        .map(LeaseSpec::getRenewTime)
        .map(t -> t.toInstant());
  }

  @Override
  public boolean reachable(String node) {
    try {
      return client.raw("/api/v1/nodes/" + node + "/proxy/healthz") != null;
    } catch (KubernetesClientException e) {
      return false; // the API server says 502 or 503 of a kubelet that does not answer
    }
  }
}
