package dev.muster.cluster;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;

/**
 * The namespace of one run: its agents and probes live in it, and everything goes with it. Made
 * when the first pod needs it.
 */
public final class RunNamespace {
  /** On everything that Muster puts into a cluster. */
  public static final Map<String, String> OURS = Map.of("app.kubernetes.io/managed-by", "muster");

  public static final String RUN = "muster.dev/run";
  private static final int LONGEST = 63;

  private final KubernetesClient client;
  private final String run;
  private boolean made;

  public RunNamespace(KubernetesClient client, String run) {
    this.client = client;
    this.run = run;
  }

  /** The name follows from the run's id, so that another process finds it. */
  public static String name(String run) {
    String name = "muster-" + run.toLowerCase(java.util.Locale.ROOT);
    return name.length() <= LONGEST
        ? name
        : name.substring(0, 40) + name.substring(name.length() - (LONGEST - 40));
  }

  public String name() {
    return name(run);
  }

  public String run() {
    return run;
  }

  /** Agents are privileged: the namespace says so to admission. */
  public synchronized void make() {
    if (made) {
      return;
    }
    if (client.namespaces().withName(name()).get() == null) {
      client
          .namespaces()
          .resource(
              new NamespaceBuilder()
                  .withNewMetadata()
                  .withName(name())
                  .withLabels(OURS)
                  .addToLabels(RUN, label(run))
                  .addToLabels("pod-security.kubernetes.io/enforce", "privileged")
                  .endMetadata()
                  .build())
          .create();
    }
    made = true;
  }

  /** A run's id as the value of a label. */
  static String label(String run) {
    return run.length() <= LONGEST ? run : run.substring(0, LONGEST);
  }

  /** Asks for its end; true where it is gone already. */
  public boolean remove() {
    try {
      client.namespaces().withName(name()).delete();
      return client.namespaces().withName(name()).get() == null;
    } catch (KubernetesClientException e) {
      return false;
    }
  }
}
