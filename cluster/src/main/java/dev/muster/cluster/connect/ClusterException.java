package dev.muster.cluster.connect;

import io.fabric8.kubernetes.client.KubernetesClientException;

/** The cluster cannot be used as asked; the message says what happened and what to do. */
public final class ClusterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ClusterException(String message) {
    super(message);
  }

  /** What was asked for and not done, in the API server's words. */
  public ClusterException(KubernetesClientException e) {
    super(ApiErrors.why(e), e);
  }
}
