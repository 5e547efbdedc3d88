package dev.muster.lab.host;

/** What was asked for is no lab: a name, a number or a version that cannot be. */
public final class WrongLabException extends LabException {
  private static final long serialVersionUID = 1L;

  public WrongLabException(String message) {
    super(message);
  }
}
