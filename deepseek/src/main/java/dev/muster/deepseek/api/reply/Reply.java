package dev.muster.deepseek.api.reply;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.chat.Chunk;

/** The client's side of a request. Every method may throw {@link ClientGone}. */
public interface Reply {
  /** Nobody is left to answer. */
  final class ClientGone extends RuntimeException {
    private static final long serialVersionUID = 1;

    ClientGone(Throwable cause) {
      super("the client is gone", cause);
    }
  }

  /** This gateway shuts down, and the answer cannot end before it does. */
  final class Draining extends RuntimeException {
    private static final long serialVersionUID = 1;

    Draining() {
      super("the gateway shuts down", null, false, false);
    }
  }

  /**
   * To be asked where something went wrong, and before anything is begun anew.
   *
   * @throws ClientGone if the client has left, for which its thread was interrupted
   * @throws Draining if it is to be told to go on elsewhere
   */
  default void check() {}

  /** A worker begins to answer, perhaps after another one failed. */
  void attempt(String pod, int attempts);

  /** The answer is begun anew: what came of it is forgotten. */
  void restart();

  /** The worker lives but made no progress. */
  void alive();

  /**
   * One event of the worker's stream, the last one included, {@code [DONE]} not. The client has it
   * at the next {@link #flush} or before.
   *
   * @param id empty where the client cannot go on from it
   */
  void event(Chunk chunk, String id);

  /** The client gets what it has not. */
  void flush();

  /** Whether the client has seen nothing that another worker would contradict. */
  boolean retryable();

  /** Whether the client has its head, so that no other status can be told. */
  boolean begun();

  /** All is there. */
  void finish();

  /** No answer will come. */
  void fail(ApiError error);

  /** The answer ends here, and nobody says why. */
  void cut();

  /** What the client was told: the HTTP status. */
  int status();
}
