package dev.muster.lab;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The lab's API server, asked again and again over one connection while the lab starts: a kubectl
 * each time would take the CPU that the kubelets need. What does not answer is not ready.
 */
record ApiServer(KubernetesClient client) implements AutoCloseable {
  /** Of a machine that is emulated; the caller asks again. */
  private static final int MILLIS = 10_000;

  static ApiServer of(Path kubeconfig) {
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    config.setRequestRetryBackoffLimit(0);
    config.setConnectionTimeout(MILLIS);
    config.setRequestTimeout(MILLIS);
    return new ApiServer(new KubernetesClientBuilder().withConfig(config).build());
  }

  boolean ready() {
    try {
      return client.raw("/readyz") != null;
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  /** Names of the nodes whose condition Ready is True. */
  Set<String> readyNodes() {
    try {
      return client.nodes().list().getItems().stream()
          .filter(ApiServer::isReady)
          .map(n -> n.getMetadata().getName())
          .collect(Collectors.toUnmodifiableSet());
    } catch (KubernetesClientException e) {
      return Set.of();
    }
  }

  private static boolean isReady(Node node) {
    return node.getStatus().getConditions().stream()
        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  @Override
  public void close() {
    client.close();
  }
}
