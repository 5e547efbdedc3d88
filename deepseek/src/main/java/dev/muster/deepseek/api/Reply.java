package dev.muster.deepseek.api;

import dev.muster.deepseek.wire.ApiError;

/** The client's side of a request. Every method may throw {@link ClientGone}. */
interface Reply {
  /** Nobody is left to answer. */
  final class ClientGone extends RuntimeException {
    private static final long serialVersionUID = 1;

    ClientGone(Throwable cause) {
      super("the client is gone", cause);
    }
  }

  /** A worker begins to answer, perhaps after another one failed. */
  void attempt(String pod, int attempts);

  /** The worker lives but made no progress. */
  void alive();

  /**
   * One event of the worker's stream, the last one included, {@code [DONE]} not.
   *
   * @param data JSON of a chunk
   */
  void event(String data);

  /** Whether the client has seen nothing that another worker would contradict. */
  boolean retryable();

  /** All is there. */
  void finish();

  /** No answer will come. */
  void fail(ApiError error);

  /** What the client was told: the HTTP status. */
  int status();
}
