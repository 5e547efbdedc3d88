package dev.muster.cluster.fault;

import dev.muster.cluster.object.Labels;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.run.RunNamespace;
import dev.muster.drill.field.Selector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.List;

/**
 * Whom a drain asks to leave, as {@code kubectl drain --ignore-daemonsets --delete-emptydir-data
 * --force} does: not a DaemonSet's pods, not those of the kubelet's own files, not what has
 * finished. Muster's own stay as well: what looks at the drill must not be moved by it.
 *
 * @param meant by their labels, as {@code --pod-selector} says it; empty: all of these
 */
public record Evictable(Selector meant) {
  private static final String MIRROR = "kubernetes.io/config.mirror";

  public boolean is(Pod pod) {
    return !Pods.ofNode(pod)
        && !Pods.finished(pod)
        && !Pods.matches(pod, RunNamespace.OURS)
        && !annotated(pod)
        && labelled(pod);
  }

  private boolean labelled(Pod pod) {
    return Pods.matches(pod, meant.labelSelectors())
        && meant.expressionSelectors().stream()
            .allMatch(e -> Labels.holds(e.key(), e.operator(), e.values(), Pods.labels(pod)));
  }

  private static boolean annotated(Pod pod) {
    var annotations = pod.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(MIRROR);
  }

  /** Those on a node, also those that leave already, by namespace and name. */
  public List<Pod> on(KubernetesClient client, String node) {
    return client
        .pods()
        .inAnyNamespace()
        .withField("spec.nodeName", node)
        .list()
        .getItems()
        .stream()
        .filter(p -> Pods.on(p, node) && is(p))
        .sorted(Comparator.comparing(Pods::object))
        .toList();
  }
}
