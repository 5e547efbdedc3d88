package dev.muster.load.answer;

/** The answer broke the protocol; the message says how. */
public final class MalformedAnswerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedAnswerException(String message) {
    super(message);
  }
}
