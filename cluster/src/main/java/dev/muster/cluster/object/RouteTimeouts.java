package dev.muster.cluster.object;

import dev.muster.timeline.ObjectRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The bounds that an ingress sets to whole answers: {@code timeoutPolicy.response} of Contour's
 * HTTPProxy, and the annotation by which Contour reads it from an Ingress. What other ingresses
 * call a timeout is one of silence. It needs no right: where this user may not look, none is told.
 */
final class RouteTimeouts {
  private static final String CONTOUR = "projectcontour.io";
  private static final String OF_PROXY = "timeoutPolicy.response";
  private static final String OF_INGRESS = "projectcontour.io/response-timeout";

  /**
   * @param value as it was written, {@code 15s}
   */
  record Timeout(String setting, String value, ObjectRef.Workload route) {}

  private RouteTimeouts() {}

  static List<Timeout> of(KubernetesClient client, String namespace) {
    List<Timeout> all = new ArrayList<>();
    for (var ingress :
        looked(() ->
            may(client, "networking.k8s.io", "ingresses", namespace)
                ? client.network().v1().ingresses().inNamespace(namespace).list().getItems()
                : List.of())) {
      String value = Pods.annotations(ingress).get(OF_INGRESS);
      if (value != null) {
        all.add(new Timeout(OF_INGRESS, value, Pods.workload("Ingress", ingress)));
      }
    }
    for (var proxy :
        looked(() ->
            may(client, CONTOUR, "httpproxies", namespace)
                ? client
                    .genericKubernetesResources(CONTOUR + "/v1", "HTTPProxy")
                    .inNamespace(namespace)
                    .list()
                    .getItems()
                : List.of())) {
      responses(proxy).stream()
          .distinct()
          .forEach(
              value -> all.add(new Timeout(OF_PROXY, value, Pods.workload("HTTPProxy", proxy))));
    }
    return all;
  }

  /** Asked before, so that nobody finds a refusal in the cluster's audit log. */
  private static boolean may(
      KubernetesClient client, String group, String resource, String namespace) {
    var review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withVerb("list")
            .withGroup(group)
            .withResource(resource)
            .withNamespace(namespace)
            .endResourceAttributes()
            .endSpec()
            .build();
    var status = client.authorization().v1().selfSubjectAccessReview().create(review).getStatus();
    return status != null && Boolean.TRUE.equals(status.getAllowed());
  }

  /** Empty where the cluster has no such kind, or does not say whether this user may look. */
  private static <T> List<T> looked(Supplier<List<T>> list) {
    try {
      return Amounts.orNone(list.get());
    } catch (KubernetesClientException | IllegalArgumentException e) {
      return List.of();
    }
  }

  private static List<String> responses(GenericKubernetesResource proxy) {
    List<String> responses = new ArrayList<>();
    if (proxy.getAdditionalProperties().get("spec") instanceof Map<?, ?> spec
        && spec.get("routes") instanceof List<?> routes) {
      for (Object each : routes) {
        if (each instanceof Map<?, ?> route
            && route.get("timeoutPolicy") instanceof Map<?, ?> policy
            && policy.get("response") instanceof String response) {
          responses.add(response);
        }
      }
    }
    return responses;
  }
}
