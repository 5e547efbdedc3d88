package dev.muster.cli;

import dev.muster.cluster.Pages;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A workload of the user's as a drill can take it for its target.
 *
 * @param selector labels by which its pods are known, and no others
 * @param labels that its pods carry, by which services find them
 */
record OwnService(
    String kind,
    String namespace,
    String name,
    int replicas,
    Map<String, String> selector,
    Map<String, String> labels) {

  /** Deployments and StatefulSets that are selected by labels alone; not those of the cluster. */
  static List<OwnService> all(KubernetesClient client, @Nullable String namespace) {
    var apps = client.apps();
    List<OwnService> found = new ArrayList<>();
    Pages.all(
            namespace == null
                ? apps.deployments().inAnyNamespace()
                : apps.deployments().inNamespace(namespace))
        .forEach(d ->
            add(
                found,
                "Deployment",
                d,
                d.getSpec().getReplicas(),
                d.getSpec().getSelector(),
                d.getSpec().getTemplate().getMetadata().getLabels()));
    Pages.all(
            namespace == null
                ? apps.statefulSets().inAnyNamespace()
                : apps.statefulSets().inNamespace(namespace))
        .forEach(s ->
            add(
                found,
                "StatefulSet",
                s,
                s.getSpec().getReplicas(),
                s.getSpec().getSelector(),
                s.getSpec().getTemplate().getMetadata().getLabels()));
    return found.stream().filter(s -> !s.namespace.startsWith("kube-")).toList();
  }

  private static void add(
      List<OwnService> to,
      String kind,
      HasMetadata object,
      @Nullable Integer replicas,
      LabelSelector selector,
      @Nullable Map<String, String> labels) {
    boolean byLabels = selector.getMatchExpressions().isEmpty();
    if (byLabels && selector.getMatchLabels() != null && !selector.getMatchLabels().isEmpty()) {
      to.add(
          new OwnService(
              kind,
              object.getMetadata().getNamespace(),
              object.getMetadata().getName(),
              Objects.requireNonNullElse(replicas, 1),
              new TreeMap<>(selector.getMatchLabels()),
              Objects.requireNonNullElse(labels, Map.of())));
    }
  }

  String word() {
    return kind + "/" + name;
  }

  /**
   * Where its clients may reach it from outside: hosts of ingresses, those that lead to it first,
   * and load balancers.
   */
  List<String> endpoints(KubernetesClient client) {
    List<Service> services =
        Pages.all(client.services().inNamespace(namespace)).stream()
            .filter(s -> s.getSpec().getSelector() != null && !s.getSpec().getSelector().isEmpty())
            .filter(s -> labels.entrySet().containsAll(s.getSpec().getSelector().entrySet()))
            .toList();
    List<String> names = services.stream().map(s -> s.getMetadata().getName()).toList();
    List<Ingress> ingresses = Pages.all(client.network().v1().ingresses().inNamespace(namespace));
    return Stream.of(
            ingresses.stream().filter(i -> leads(i, names)).flatMap(OwnService::hosts),
            services.stream().flatMap(OwnService::balancers),
            ingresses.stream().filter(i -> !leads(i, names)).flatMap(OwnService::hosts))
        .flatMap(urls -> urls)
        .distinct()
        .toList();
  }

  private static boolean leads(Ingress ingress, List<String> services) {
    return ingress.getSpec().getRules().stream()
        .filter(rule -> rule.getHttp() != null)
        .flatMap(rule -> rule.getHttp().getPaths().stream())
        .map(path -> path.getBackend().getService())
        .anyMatch(service -> service != null && services.contains(service.getName()));
  }

  private static Stream<String> hosts(Ingress ingress) {
    List<String> secure =
        ingress.getSpec().getTls().stream().flatMap(tls -> tls.getHosts().stream()).toList();
    return ingress.getSpec().getRules().stream()
        .map(rule -> rule.getHost())
        .filter(host -> host != null && !host.contains("*"))
        .map(host -> (secure.contains(host) ? "https://" : "http://") + host);
  }

  private static Stream<String> balancers(Service service) {
    var status = service.getStatus();
    if (status == null || status.getLoadBalancer() == null) {
      return Stream.of();
    }
    int port = service.getSpec().getPorts().getFirst().getPort();
    return status.getLoadBalancer().getIngress().stream()
        .map(i -> i.getHostname() == null ? i.getIp() : i.getHostname())
        .filter(Objects::nonNull)
        .map(host ->
            port == 443 ? "https://" + host : "http://" + host + (port == 80 ? "" : ":" + port));
  }
}
