package dev.muster.cluster;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;

/** What a drill must be allowed to do, asked of the cluster before anything is touched. */
public final class Permissions {
  private static final String CORE = "";

  /** What all drills do: they only look. Charts are installed with helm's own rights. */
  private static final List<Right> CLUSTER =
      List.of(
          new Right("list", CORE, "nodes", ""),
          new Right("watch", CORE, "nodes", ""),
          new Right("get", CORE, "nodes", "proxy"),
          new Right("list", CORE, "pods", ""),
          new Right("list", CORE, "namespaces", ""),
          new Right("watch", "coordination.k8s.io", "leases", ""),
          new Right("get", "coordination.k8s.io", "leases", ""));

  private static final List<Right> TARGET =
      List.of(
          new Right("watch", CORE, "pods", ""),
          new Right("get", CORE, "pods", "proxy"),
          new Right("list", "discovery.k8s.io", "endpointslices", ""),
          new Right("watch", "discovery.k8s.io", "endpointslices", ""),
          new Right("list", "apps", "deployments", ""),
          new Right("list", "apps", "statefulsets", ""));

  private record Right(String verb, String group, String resource, String subresource) {}

  private Permissions() {}

  /** A sentence for each right that this user does not have; empty if it has all. */
  public static List<String> missing(KubernetesClient client, String namespace) {
    List<String> missing = new ArrayList<>();
    CLUSTER.stream().filter(r -> !allowed(client, r, null)).forEach(r -> missing.add(text(r, "")));
    TARGET.stream()
        .filter(r -> !allowed(client, r, namespace))
        .forEach(r -> missing.add(text(r, " in namespace " + namespace)));
    return missing;
  }

  private static boolean allowed(
      KubernetesClient client, Right right, @org.jspecify.annotations.Nullable String namespace) {
    var review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withVerb(right.verb())
            .withGroup(right.group())
            .withResource(right.resource())
            .withSubresource(right.subresource())
            .withNamespace(namespace)
            .endResourceAttributes()
            .endSpec()
            .build();
    return client
        .authorization()
        .v1()
        .selfSubjectAccessReview()
        .create(review)
        .getStatus()
        .getAllowed();
  }

  private static String text(Right right, String where) {
    String sub = right.subresource().isEmpty() ? "" : "/" + right.subresource();
    String group = right.group().isEmpty() ? "" : "." + right.group();
    return "no permission to "
        + right.verb()
        + " "
        + right.resource()
        + sub
        + group
        + where
        + "; grant it to the user of this kubeconfig";
  }
}
