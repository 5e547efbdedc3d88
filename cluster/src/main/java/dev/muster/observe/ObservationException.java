package dev.muster.observe;

/** Something that watches could not be asked; the message says what was asked and why not. */
public final class ObservationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ObservationException(String message) {
    super(message);
  }
}
