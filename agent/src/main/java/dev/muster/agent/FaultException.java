package dev.muster.agent;

/** The fault can not be done on this node; the message says why, for the report. */
final class FaultException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FaultException(String message) {
    super(message);
  }
}
