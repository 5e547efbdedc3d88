package dev.muster.cluster.fault;

import dev.muster.cluster.object.Amounts;
import dev.muster.cluster.object.Labels;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.run.RunNamespace;
import dev.muster.drill.field.Selector;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom a drain asks to leave, as {@code kubectl drain --ignore-daemonsets --delete-emptydir-data
 * --force} does: not a DaemonSet's pods, not those of the kubelet's own files, not what has
 * finished. Muster's own stay as well: what looks at the drill must not be moved by it. So do those
 * of namespaces that the drill protects.
 *
 * @param meant by their labels, as {@code --pod-selector} says it; empty: all of these
 * @param protectedNamespaces whose pods are nobody's victims
 */
public record Evictable(Selector meant, List<String> protectedNamespaces) {
  private static final String MIRROR = "kubernetes.io/config.mirror";

  /** With which a cordoned node keeps new pods away. */
  private static final String CORDON = "node.kubernetes.io/unschedulable";

  public Evictable {
    protectedNamespaces = List.copyOf(protectedNamespaces);
  }

  public boolean is(Pod pod) {
    return !Pods.ofNode(pod)
        && !Pods.finished(pod)
        && !Pods.matches(pod, RunNamespace.OURS)
        && !protectedNamespaces.contains(String.valueOf(pod.getMetadata().getNamespace()))
        && !Pods.annotations(pod).containsKey(MIRROR)
        && labelled(pod);
  }

  private boolean labelled(Pod pod) {
    return Pods.matches(pod, meant.labelSelectors())
        && meant.expressionSelectors().stream()
            .allMatch(e -> Labels.holds(e.key(), e.operator(), e.values(), Pods.labels(pod)));
  }

  /**
   * May be put on a cordoned node: one that comes there after the cordon is none of the drain's. Of
   * one that may not, the scheduler had decided before it saw the cordon.
   */
  public static boolean toleratesCordon(Pod pod) {
    return Amounts.orNone(pod.getSpec().getTolerations()).stream()
        .anyMatch(t ->
            (empty(t.getKey()) ? "Exists".equals(t.getOperator()) : CORDON.equals(t.getKey()))
                && ("Exists".equals(t.getOperator()) || empty(t.getValue()))
                && (empty(t.getEffect()) || "NoSchedule".equals(t.getEffect())));
  }

  private static boolean empty(@Nullable String text) {
    return text == null || text.isEmpty();
  }

  /** Those on a node, also those that leave already, by namespace and name. */
  public List<Pod> on(KubernetesClient client, String node) {
    return on(client, node, null);
  }

  /** The same out of an API server's cache, which costs it little and may be behind. */
  public List<Pod> cachedOn(KubernetesClient client, String node) {
    return on(client, node, "0");
  }

  private List<Pod> on(KubernetesClient client, String node, @Nullable String version) {
    return client
        .pods()
        .inAnyNamespace()
        .withField("spec.nodeName", node)
        .list(new ListOptionsBuilder().withResourceVersion(version).build())
        .getItems()
        .stream()
        .filter(p -> Pods.on(p, node) && is(p))
        .sorted(Comparator.comparing(Pods::object))
        .toList();
  }
}
