package dev.muster.engine;

/**
 * The drill can not be done as asked; the message is all that the user needs. Nothing has been
 * touched.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode code;

  public Refusal(ExitCode code, String message) {
    super(message);
    this.code = code;
  }

  public ExitCode code() {
    return code;
  }
}
