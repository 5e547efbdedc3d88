package dev.muster.engine.site;

import dev.muster.drill.Drill;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Refusal;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the clients go, and by which name. */
public final class Endpoint {
  private Endpoint() {}

  public static URI url(Drill drill, Site site) {
    Drill.Load load = drill.load();
    if (load != null && load.inCluster() != null && load.inCluster().endpoint() != null) {
      return URI.create(load.inCluster().endpoint());
    }
    String endpoint = drill.target().endpoint();
    if (!endpoint.equals("ingress")) {
      return URI.create(endpoint);
    }
    URI ingress = site.endpoint();
    if (ingress == null) {
      throw new Refusal(
          ExitCode.USAGE,
          "target.endpoint: only a lab's ingress is known (--lab NAME), and this cluster is no lab,"
              + " or one without ingress; give the service's URL instead of 'ingress'");
    }
    return ingress;
  }

  /**
   * The name that the ingress routes by, where the URL has only an address; null where it has a
   * name.
   */
  public static @Nullable String host(KubernetesClient client, Drill drill, URI url) {
    if (!url.getHost().matches("[0-9.:\\[\\]]+")) {
      return null;
    }
    String namespace = drill.target().namespace();
    try {
      return ingressHost(client, namespace);
    } catch (KubernetesClientException e) {
      return null; // no right to look: the address must do
    }
  }

  private static @Nullable String ingressHost(KubernetesClient client, String namespace) {
    for (var ingress : client.network().v1().ingresses().inNamespace(namespace).list().getItems()) {
      for (var rule : ingress.getSpec().getRules()) {
        if (rule.getHost() != null) {
          return rule.getHost();
        }
      }
    }
    return proxyHost(client, namespace);
  }

  private static @Nullable String proxyHost(KubernetesClient client, String namespace) {
    try {
      List<GenericKubernetesResource> proxies =
          client
              .genericKubernetesResources("projectcontour.io/v1", "HTTPProxy")
              .inNamespace(namespace)
              .list()
              .getItems();
      for (GenericKubernetesResource proxy : proxies) {
        if (proxy.getAdditionalProperties().get("spec") instanceof Map<?, ?> spec
            && spec.get("virtualhost") instanceof Map<?, ?> virtualHost
            && virtualHost.get("fqdn") instanceof String fqdn) {
          return fqdn;
        }
      }
      return null;
    } catch (KubernetesClientException | IllegalArgumentException e) {
      return null; // a cluster without Contour
    }
  }
}
