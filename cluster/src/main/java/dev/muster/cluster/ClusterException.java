package dev.muster.cluster;

/** The cluster can not be used as asked; the message says what happened and what to do. */
public final class ClusterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ClusterException(String message) {
    super(message);
  }
}
