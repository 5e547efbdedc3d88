package dev.muster.cluster.fault;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.fault.Rights.Right;
import dev.muster.drill.Drill;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;

/** What a drill must be allowed to do, asked of the cluster before anything is touched. */
public final class Permissions {
  private Permissions() {}

  /** A sentence for each right that this user does not have; empty if it has all. */
  public static List<String> missing(KubernetesClient client, Drill drill) {
    return Rights.of(drill).stream()
        .filter(right -> !allowed(client, right))
        .map(right -> "no permission to " + right + "; " + ApiErrors.GRANT)
        .toList();
  }

  private static boolean allowed(KubernetesClient client, Right right) {
    String[] resource = right.resource().split("/", 2);
    var review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withVerb(right.verb())
            .withGroup(right.group())
            .withResource(resource[0])
            .withSubresource(resource.length == 1 ? "" : resource[1])
            .withNamespace(right.namespace())
            .withName(right.name())
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
}
