package dev.muster.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLException;
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
    if (!Files.isReadable(kubeconfig) || Files.isDirectory(kubeconfig)) {
      throw new ClusterException(kubeconfig + ": no such kubeconfig");
    }
    Config config = config(kubeconfig, context);
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
          "can not reach the cluster at " + config.getMasterUrl() + ": " + cause(e));
    }
  }

  private static Config config(Path kubeconfig, @Nullable String context) {
    List<String> contexts;
    Config config;
    try {
      Config all = Config.fromKubeconfig(kubeconfig.toFile());
      contexts = all.getContexts().stream().map(c -> c.getName()).toList();
      config = context == null ? all : Config.fromKubeconfig(context, kubeconfig.toFile());
    } catch (RuntimeException e) { // the library throws whatever its parser throws
      throw new ClusterException(
          kubeconfig
              + " is no kubeconfig: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    if (context != null && !contexts.contains(context)) {
      throw new ClusterException(
          "no context " + context + " in " + kubeconfig + "; there is " + contexts);
    }
    return config;
  }

  /** The libraries wrap what happened in words that do not say it. */
  private static String cause(Throwable e) {
    String said = String.valueOf(e.getMessage());
    for (Throwable each = e; each != null; each = each.getCause()) {
      switch (each) {
        case HttpTimeoutException _ -> {
          return "no answer in time";
        }
        case UnresolvedAddressException _, UnknownHostException _ -> {
          return "the host's name is not known";
        }
        case ConnectException _ -> said = "nobody listens there";
        case SSLException _ -> said = "TLS: " + each.getMessage();
        default -> {
          // wrapping, or more than a user needs
        }
      }
    }
    return said;
  }
}
