package dev.muster.cluster.run;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.drill.time.Time;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The namespace of one run: its agents and probes live in it, and everything goes with it. Made
 * when the first pod needs it. As long as this lives, an annotation of it is written anew every 10
 * s; where that stops, {@link RunReaper} deletes it from inside. Safe for several threads.
 */
public final class RunNamespace implements AutoCloseable {
  /** On everything that Muster puts into a cluster. */
  public static final Map<String, String> OURS = Map.of("app.kubernetes.io/managed-by", "muster");

  public static final String RUN = "muster.dev/run";

  /** When its Muster was last alive, by Muster's clock. */
  static final String ALIVE = "muster.dev/alive";

  private static final Duration BEAT = Duration.ofSeconds(10);
  private static final int LONGEST = 63;

  /** Letters of what is too long that are kept before its end. */
  private static final int KEPT = 40;

  private static final int NOT_FOUND = 404;

  /** Seconds that a namespace may take to go. */
  private static final int GOING = 90;

  private final KubernetesClient client;
  private final String run;
  private final String image;
  private final Time time;
  private @Nullable Namespace made;
  private Time.@Nullable Work beating;

  /**
   * @param image of the agent
   */
  public RunNamespace(KubernetesClient client, String run, String image, Time time) {
    this.client = client;
    this.run = run;
    this.image = image;
    this.time = time;
  }

  /** The name follows from the run's id, so that another process finds it. */
  public static String name(String run) {
    return shortened("muster-" + run.toLowerCase(java.util.Locale.ROOT));
  }

  public String name() {
    return name(run);
  }

  public String run() {
    return run;
  }

  /** The agent's image. */
  public String image() {
    return image;
  }

  /**
   * Makes it, or takes the one that the same run made before it was killed; anew where it was
   * reaped meanwhile. Agents are privileged: the namespace says so to admission.
   *
   * @return what makes it the owner of objects in other namespaces: they go with it
   * @throws ClusterException if it is being deleted and does not go
   */
  public synchronized OwnerReference make() {
    Namespace there = made;
    if (there == null || gone(there)) {
      close();
      RunReaper reaper = RunReaper.of(client, this);
      there = taken();
      reaper.start(client);
      made = there;
      beating = time.start("run-namespace", this::beat);
    }
    return new OwnerReferenceBuilder()
        .withApiVersion("v1")
        .withKind("Namespace")
        .withName(name())
        .withUid(there.getMetadata().getUid())
        .build();
  }

  /** As where Muster stood still for so long that it was reaped. */
  private boolean gone(Namespace one) {
    try {
      Namespace now = client.namespaces().withName(name()).get();
      return now == null
          || now.getMetadata().getDeletionTimestamp() != null
          || !now.getMetadata().getUid().equals(one.getMetadata().getUid());
    } catch (KubernetesClientException e) {
      return false; // whoever needs it will be told the same
    }
  }

  private Namespace taken() {
    try {
      long deadline = time.nanos() + GOING * 1_000_000_000L; // where each answer takes long
      for (int second = 0; second < GOING && time.nanos() < deadline; second++) {
        Namespace found = client.namespaces().withName(name()).get();
        if (found == null) {
          return client.namespaces().resource(fresh()).create();
        }
        if (found.getMetadata().getDeletionTimestamp() == null) {
          alive();
          return found;
        }
        time.sleep(Duration.ofSeconds(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new ClusterException("namespace " + name() + " is being deleted and does not go");
  }

  private Namespace fresh() {
    return new NamespaceBuilder()
        .withNewMetadata()
        .withName(name())
        .withLabels(OURS)
        .addToLabels(RUN, label(run))
        .addToLabels("pod-security.kubernetes.io/enforce", "privileged")
        .addToAnnotations(ALIVE, time.instant().toString())
        .endMetadata()
        .build();
  }

  private void beat() {
    while (true) {
      try {
        time.sleep(BEAT);
        alive();
      } catch (InterruptedException e) {
        return;
      } catch (KubernetesClientException e) {
        if (e.getCode() == NOT_FOUND || Thread.interrupted()) {
          return;
        } // else the next may come through in time
      }
    }
  }

  private void alive() {
    client
        .namespaces()
        .withName(name())
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            client
                .getKubernetesSerialization()
                .asJson(
                    Map.of(
                        "metadata",
                        Map.of("annotations", Map.of(ALIVE, time.instant().toString())))));
  }

  /**
   * A run's id as the value of a label: what is too long keeps its end, by which runs of a name
   * differ, and loses no letter of its ends to a '-', which neither may be.
   */
  public static String label(String run) {
    return shortened(run);
  }

  /** Begins and ends as the text does; its middle goes. */
  private static String shortened(String text) {
    return text.length() <= LONGEST
        ? text
        : text.substring(0, KEPT) + text.substring(text.length() - (LONGEST - KEPT));
  }

  /** Gives no sign of life any more. What is there stays until it is removed or reaped. */
  @Override
  public synchronized void close() {
    if (beating != null) {
      beating.interrupt();
      beating = null;
    }
  }
}
