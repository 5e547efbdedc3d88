package dev.muster.load.http;

/**
 * The bytes of a response are not what they have to be; its message says what is wrong with them.
 */
public final class ProtocolViolation extends Exception {
  private static final long serialVersionUID = 1;

  ProtocolViolation(String message) {
    super(message);
  }
}
