package dev.muster.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Opens a cluster by kubeconfig, with errors that name the address and what to do. */
public final class Connection {
  private static final int REQUEST_MILLIS = 8_000;
  private static final int PROBE_MILLIS = 3_000;
  private static final int OLDEST_MINOR = 26;

  private Connection() {}

  /** Opens for work: slow answers are awaited and failures of the moment tried again. */
  public static KubernetesClient open(Path kubeconfig, @Nullable String context) {
    return open(kubeconfig, context, REQUEST_MILLIS, 2);
  }

  /** Opens for probes: no answer within 3 s, and any failure, is an answer too. */
  public static KubernetesClient probe(Path kubeconfig, @Nullable String context) {
    return open(kubeconfig, context, PROBE_MILLIS, 0);
  }

  private static KubernetesClient open(
      Path kubeconfig, @Nullable String context, int timeoutMillis, int retries) {
    if (!Files.isReadable(kubeconfig)) {
      throw new ClusterException(kubeconfig + ": no such kubeconfig");
    }
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    if (context != null) {
      config = Config.autoConfigure(context);
      if (config.getContexts().stream().noneMatch(c -> c.getName().equals(context))) {
        throw new ClusterException(
            "no context %s; the kubeconfig has %s"
                .formatted(context, config.getContexts().stream().map(c -> c.getName()).toList()));
      }
    }
    config.setRequestTimeout(timeoutMillis);
    config.setConnectionTimeout(timeoutMillis);
    config.setRequestRetryBackoffLimit(retries);
    KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
    try {
      String minor = client.getKubernetesVersion().getMinor().replaceAll("\\D", "");
      if (Integer.parseInt(minor) < OLDEST_MINOR) {
        throw new ClusterException("Kubernetes 1." + minor + " is older than 1." + OLDEST_MINOR);
      }
      return client;
    } catch (KubernetesClientException e) {
      client.close();
      throw new ClusterException(
          "can not reach the cluster at " + config.getMasterUrl() + ": " + e.getMessage());
    }
  }
}
