package dev.muster.agent.node;

/** The fault cannot be done on this node; the message says why, for the report. */
public final class FaultException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public FaultException(String message) {
    super(message);
  }
}
