package dev.muster.policy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A pod that is subject to policies, at the address it has now. */
record PodAt(
    String namespace,
    String name,
    String node,
    String address,
    Map<String, String> labels,
    List<NamedPort> ports) {
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  /** The protocol in lower case, as in {@link Policy.Port}. */
  record NamedPort(String protocol, String name, int number) {}

  /**
   * Empty for a pod without an address of its own: in the node's network, not started, or ended and
   * its address free for another.
   */
  static Optional<PodAt> of(Pod pod) {
    var status = pod.getStatus();
    if (status == null
        || status.getPodIP() == null
        || ENDED.contains(String.valueOf(status.getPhase()))
        || Boolean.TRUE.equals(pod.getSpec().getHostNetwork())) {
      return Optional.empty();
    }
    return Optional.of(
        new PodAt(
            pod.getMetadata().getNamespace(),
            pod.getMetadata().getName(),
            pod.getSpec().getNodeName(),
            status.getPodIP(),
            Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of()),
            Stream.concat(
                    pod.getSpec().getContainers().stream(),
                    pod.getSpec().getInitContainers().stream().filter(PodAt::goesOn))
                .flatMap(c -> c.getPorts().stream())
                .filter(p -> p.getName() != null)
                .map(p ->
                    new NamedPort(
                        Objects.requireNonNullElse(p.getProtocol(), "TCP")
                            .toLowerCase(java.util.Locale.ROOT),
                        p.getName(),
                        p.getContainerPort()))
                .distinct()
                .toList()));
  }

  /** An init container that runs beside the others. */
  private static boolean goesOn(Container init) {
    return "Always".equals(init.getRestartPolicy());
  }
}
