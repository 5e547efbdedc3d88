package dev.muster.cluster;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether the remaining nodes can hold what the victim carries, by the sums that the scheduler
 * uses.
 */
public final class Capacity {
  private static final BigDecimal MEBI = BigDecimal.valueOf(1L << 20);

  private Capacity() {}

  /** A sentence for each resource that does not suffice, with the numbers; empty if all do. */
  public static List<String> missing(KubernetesClient client, String victim) {
    List<Pod> pods =
        client.pods().inAnyNamespace().list().getItems().stream()
            .filter(p -> p.getSpec().getNodeName() != null && !Pods.terminating(p))
            .toList();
    List<Pod> moving =
        pods.stream()
            .filter(p -> Pods.on(p, victim) && Pods.tolerationSeconds(p).isPresent())
            .toList();
    List<String> missing = new ArrayList<>();
    for (String resource : List.of("cpu", "memory")) {
      BigDecimal free = BigDecimal.ZERO;
      for (Node node : client.nodes().list().getItems()) {
        String name = node.getMetadata().getName();
        boolean usable =
            !name.equals(victim)
                && Pods.ready(node)
                && !Boolean.TRUE.equals(node.getSpec().getUnschedulable());
        if (usable) {
          BigDecimal used =
              pods.stream()
                  .filter(p -> Pods.on(p, name))
                  .map(p -> requested(p, resource))
                  .reduce(BigDecimal.ZERO, BigDecimal::add);
          free =
              free.add(
                  amount(node.getStatus().getAllocatable(), resource)
                      .subtract(used)
                      .max(BigDecimal.ZERO));
        }
      }
      BigDecimal needed =
          moving.stream().map(p -> requested(p, resource)).reduce(BigDecimal.ZERO, BigDecimal::add);
      if (needed.compareTo(free) > 0) {
        missing.add(
            "not enough %s on the remaining nodes: %d pods of %s need %s, free is %s"
                .formatted(
                    resource, moving.size(), victim, text(resource, needed), text(resource, free)));
      }
    }
    return missing;
  }

  private static BigDecimal requested(Pod pod, String resource) {
    return pod.getSpec().getContainers().stream()
        .filter(c -> c.getResources() != null && c.getResources().getRequests() != null)
        .map(c -> amount(c.getResources().getRequests(), resource))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static BigDecimal amount(Map<String, Quantity> quantities, String resource) {
    Quantity quantity = quantities.get(resource);
    return quantity == null ? BigDecimal.ZERO : Quantity.getAmountInBytes(quantity);
  }

  private static String text(String resource, BigDecimal amount) {
    return resource.equals("memory")
        ? amount.divideToIntegralValue(MEBI) + " MiB"
        : amount.stripTrailingZeros().toPlainString() + " cores";
  }
}
