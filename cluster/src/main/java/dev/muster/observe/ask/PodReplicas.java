package dev.muster.observe.ask;

import dev.muster.cluster.object.Pods;
import dev.muster.observe.ObservationException;
import dev.muster.timeline.ObjectRef;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pods by their label {@code app.kubernetes.io/component}, each asked at the port of that name.
 *
 * @param probe does not try again
 */
public record PodReplicas(KubernetesClient probe, String namespace, String component, String port)
    implements Replicas {
  private static final String LABEL = "app.kubernetes.io/component";

  /** A pod on a node without power does not answer: the others must not wait for it. */
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  @Override
  public List<Replica> now() {
    var pods =
        pods(probe, namespace).stream()
            .filter(p -> component.equals(Pods.labels(p).get(LABEL)) && Pods.lives(p))
            .sorted(Comparator.comparing(Pods::name))
            .toList();
    if (pods.isEmpty()) {
      throw new ObservationException(
          "no pod in namespace " + namespace + " has the label " + LABEL + "=" + component);
    }
    return pods.stream().map(this::replica).toList();
  }

  private Replica replica(Pod pod) {
    return new Replica(Pods.name(pod), node(pod), Pods.ready(pod), api(pod));
  }

  private JsonApi api(Pod pod) {
    Optional<Integer> number =
        Pods.ports(pod)
            .filter(p -> port.equals(p.getName()))
            .map(ContainerPort::getContainerPort)
            .findFirst();
    return number
        .<JsonApi>map(n -> ProxiedJson.pod(probe, namespace, Pods.name(pod), n, TIMEOUT))
        .orElseGet(() -> new NoPort(Pods.name(pod), port));
  }

  /** On which node each pod of a namespace is. */
  public static Map<ObjectRef.Pod, ObjectRef.Node> places(
      KubernetesClient probe, String namespace) {
    var places = new HashMap<ObjectRef.Pod, ObjectRef.Node>();
    pods(probe, namespace).stream()
        .filter(p -> !node(p).isEmpty())
        .forEach(p -> places.put(Pods.ref(p), new ObjectRef.Node(node(p), null)));
    return places;
  }

  private static String node(Pod pod) {
    return Pods.node(pod).orElse("");
  }

  private static List<Pod> pods(KubernetesClient probe, String namespace) {
    try {
      return probe.pods().inNamespace(namespace).list().getItems();
    } catch (KubernetesClientException e) {
      throw new ObservationException(
          "the API server asked for the pods of " + namespace + ": " + e.getMessage());
    }
  }
}
