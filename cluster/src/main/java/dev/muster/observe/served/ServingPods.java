package dev.muster.observe.served;

import dev.muster.cluster.object.Pods;
import dev.muster.timeline.ObjectRef;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * What the API server tells of those who may have served a request: the addresses of the target's
 * pods, and which of them are ready endpoints.
 *
 * @param client does not try again
 */
public record ServingPods(KubernetesClient client, String namespace) {

  /** Pods in their node's network have no address of their own. */
  void addresses(PodAddresses into) {
    for (Pod pod : client.pods().inNamespace(namespace).list().getItems()) {
      if (pod.getStatus() == null || Boolean.TRUE.equals(pod.getSpec().getHostNetwork())) {
        continue;
      }
      var created = Instant.parse(pod.getMetadata().getCreationTimestamp());
      var addresses = pod.getStatus().getPodIPs();
      if (addresses != null) {
        addresses.forEach(a -> into.saw(a.getIp(), created, Pods.ref(pod)));
      }
    }
  }

  Set<ObjectRef.Pod> ready() {
    var ready = new HashSet<ObjectRef.Pod>();
    for (EndpointSlice slice :
        client.discovery().v1().endpointSlices().inNamespace(namespace).list().getItems()) {
      if (slice.getEndpoints() == null) {
        continue;
      }
      slice.getEndpoints().stream()
          .filter(
              e -> e.getConditions() == null || !Boolean.FALSE.equals(e.getConditions().getReady()))
          .filter(e -> e.getTargetRef() != null)
          .map(e ->
              new ObjectRef.Pod(namespace, e.getTargetRef().getName(), e.getTargetRef().getUid()))
          .forEach(ready::add);
    }
    return ready;
  }
}
