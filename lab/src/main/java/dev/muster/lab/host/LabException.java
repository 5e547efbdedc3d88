package dev.muster.lab.host;

/** The lab cannot do what was asked; the message says what happened and what to do. */
public class LabException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LabException(String message) {
    super(message);
  }
}
