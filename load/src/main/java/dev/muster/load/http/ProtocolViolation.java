package dev.muster.load.http;

/** The bytes of a response are no HTTP/1.1; its message says what is wrong with them. */
final class ProtocolViolation extends Exception {
  private static final long serialVersionUID = 1;

  ProtocolViolation(String message) {
    super(message);
  }
}
