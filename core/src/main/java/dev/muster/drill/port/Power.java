package dev.muster.drill.port;

/**
 * The way to switch a node off and on. Implementations are safe for use by several threads; every
 * call blocks until the provider says it is done, and is idempotent.
 */
public interface Power {

  enum State {
    ON,
    OFF,
    UNKNOWN
  }

  /** As in a power cut: nothing on the node gets the chance to say goodbye. */
  void off(String node);

  void on(String node);

  State state(String node);

  /** How it is done, for the journal: enough for another process to switch the node on again. */
  String describe();

  /** The provider refused or failed; the message says what was run and what came back. */
  final class PowerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PowerException(String message) {
      super(message);
    }
  }
}
