package dev.muster.policy;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

/** Tells on a policy, by an event of Kubernetes, that and why it is not enforced; once each. */
final class Complaints {
  static final String REASON = "PolicyNotEnforced";
  private static final String SOURCE = "muster-network-policy";

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Set<String> told = new HashSet<>();

  Complaints(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * Tells it unless it was told of this version of the policy.
   *
   * @throws KubernetesClientException if it could not be told now
   */
  void tell(NetworkPolicy policy, String why) {
    Event event = event(policy, why);
    String key = event.getMetadata().getNamespace() + "/" + event.getMetadata().getName();
    if (told.contains(key)) {
      return;
    }
    try {
      client.v1().events().inNamespace(event.getMetadata().getNamespace()).resource(event).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) { // an enforcer of before has told it
        throw e;
      }
    }
    told.add(key);
  }

  private Event event(NetworkPolicy policy, String why) {
    var meta = policy.getMetadata();
    String now = clock.instant().toString();
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(meta.getNamespace())
        // the name is the identity, so that the API server refuses the second
        .withName("%s.%s.%d".formatted(meta.getName(), meta.getUid(), meta.getGeneration()))
        .endMetadata()
        .withNewInvolvedObject()
        .withApiVersion(policy.getApiVersion())
        .withKind(policy.getKind())
        .withNamespace(meta.getNamespace())
        .withName(meta.getName())
        .withUid(meta.getUid())
        .endInvolvedObject()
        .withType("Warning")
        .withReason(REASON)
        .withMessage(why + "; nothing of this policy is enforced")
        .withNewSource()
        .withComponent(SOURCE)
        .endSource()
        .withFirstTimestamp(now)
        .withLastTimestamp(now)
        .withCount(1)
        .build();
  }
}
