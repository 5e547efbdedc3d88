package dev.muster.cli.drill;

import dev.muster.cluster.connect.Pages;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A workload of the user's as a drill can take it for its target.
 *
 * @param selector labels by which its pods are known, and no others
 * @param labels that its pods carry, by which services find them
 */
public record OwnService(
    String kind,
    String namespace,
    String name,
    int replicas,
    Map<String, String> selector,
    Map<String, String> labels) {
  /** Of paths that ingress controllers take for regular expressions. */
  private static final Pattern PATTERN = Pattern.compile("[()\\[\\]{}*?+^$|\\\\]");

  /** Deployments and StatefulSets that are selected by labels alone; not those of the cluster. */
  public static List<OwnService> all(KubernetesClient client, @Nullable String namespace) {
    var apps = client.apps();
    Stream<OwnService> deployments =
        Pages.all(
                namespace == null
                    ? apps.deployments().inAnyNamespace()
                    : apps.deployments().inNamespace(namespace))
            .stream()
            .flatMap(d -> of(d).stream());
    Stream<OwnService> statefulSets =
        Pages.all(
                namespace == null
                    ? apps.statefulSets().inAnyNamespace()
                    : apps.statefulSets().inNamespace(namespace))
            .stream()
            .flatMap(s -> of(s).stream());
    return Stream.concat(deployments, statefulSets).toList();
  }

  /**
   * The one that is asked for, and nothing else; empty where there is none such.
   *
   * @param word like {@code Deployment/api}
   */
  public static Optional<OwnService> named(KubernetesClient client, String namespace, String word) {
    int slash = word.indexOf('/');
    String kind = word.substring(0, Math.max(0, slash));
    String name = word.substring(slash + 1);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    var apps = client.apps();
    return switch (kind) {
      case "Deployment" ->
          Optional.ofNullable(apps.deployments().inNamespace(namespace).withName(name).get())
              .flatMap(OwnService::of);
      case "StatefulSet" ->
          Optional.ofNullable(apps.statefulSets().inNamespace(namespace).withName(name).get())
              .flatMap(OwnService::of);
      default -> Optional.empty();
    };
  }

  private static Optional<OwnService> of(Deployment d) {
    var spec = d.getSpec();
    return of("Deployment", d, spec.getReplicas(), spec.getSelector(), spec.getTemplate());
  }

  private static Optional<OwnService> of(StatefulSet s) {
    var spec = s.getSpec();
    return of("StatefulSet", s, spec.getReplicas(), spec.getSelector(), spec.getTemplate());
  }

  private static Optional<OwnService> of(
      String kind,
      HasMetadata object,
      @Nullable Integer replicas,
      LabelSelector selector,
      PodTemplateSpec template) {
    String namespace = object.getMetadata().getNamespace();
    Map<String, String> byLabels = selector.getMatchLabels();
    if (namespace.startsWith("kube-")
        || !selector.getMatchExpressions().isEmpty()
        || byLabels == null
        || byLabels.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new OwnService(
            kind,
            namespace,
            object.getMetadata().getName(),
            Objects.requireNonNullElse(replicas, 1),
            new TreeMap<>(byLabels),
            Objects.requireNonNullElse(template.getMetadata().getLabels(), Map.of())));
  }

  public String word() {
    return kind + "/" + name;
  }

  /**
   * Where its clients may reach it from outside: hosts of ingresses with the path that leads to it,
   * load balancers, and hosts of which no rule leads to it.
   */
  public List<String> endpoints(KubernetesClient client) {
    List<Service> services =
        Pages.all(client.services().inNamespace(namespace)).stream()
            .filter(s -> s.getSpec().getSelector() != null && !s.getSpec().getSelector().isEmpty())
            .filter(s -> labels.entrySet().containsAll(s.getSpec().getSelector().entrySet()))
            .toList();
    List<String> names = services.stream().map(s -> s.getMetadata().getName()).toList();
    List<Ingress> ingresses = Pages.all(client.network().v1().ingresses().inNamespace(namespace));
    return Stream.of(
            ingresses.stream().flatMap(i -> urls(i, names, true)),
            services.stream().flatMap(OwnService::balancers),
            ingresses.stream().flatMap(i -> urls(i, names, false)))
        .flatMap(urls -> urls)
        .distinct()
        .toList();
  }

  /**
   * @param leading of rules that lead to one of the services, with the path of each; else of those
   *     that do not
   */
  private static Stream<String> urls(Ingress ingress, List<String> services, boolean leading) {
    List<String> secure =
        ingress.getSpec().getTls().stream().flatMap(tls -> tls.getHosts().stream()).toList();
    return ingress.getSpec().getRules().stream()
        .filter(rule -> rule.getHost() != null && !rule.getHost().contains("*"))
        .flatMap(rule -> {
          String host = (secure.contains(rule.getHost()) ? "https://" : "http://") + rule.getHost();
          List<String> paths = paths(rule, services);
          return leading
              ? paths.stream().map(path -> host + path)
              : Stream.of(host).filter(_ -> paths.isEmpty());
        });
  }

  private static List<String> paths(IngressRule rule, List<String> services) {
    return rule.getHttp() == null
        ? List.of()
        : rule.getHttp().getPaths().stream()
            .filter(path -> leads(path, services))
            .map(OwnService::prefix)
            .toList();
  }

  private static boolean leads(HTTPIngressPath path, List<String> services) {
    var service = path.getBackend().getService();
    return service != null && services.contains(service.getName());
  }

  /** What every request's path begins with; empty where it is a pattern, or the whole path. */
  private static String prefix(HTTPIngressPath path) {
    String text = Objects.requireNonNullElse(path.getPath(), "");
    return "Exact".equals(path.getPathType()) || PATTERN.matcher(text).find()
        ? ""
        : text.replaceAll("/+$", "");
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
