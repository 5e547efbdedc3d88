package dev.muster.timeline;

/** How a scheduled request ended. Exactly one for each; they add up to the scheduled requests. */
public enum Outcome {
  /**
   * Everything arrived: good finish_reason, usage where it is owed, {@code [DONE]} with its blank
   * line; tokens in order.
   */
  COMPLETE,
  /**
   * Tokens are missing, doubled or foreign by their numbers or hashes, before anything else went
   * wrong.
   */
  CORRUPT,
  /**
   * The stream ended without a terminated {@code [DONE]} and a good finish_reason, whatever the
   * HTTP code was; or with them and without a single token.
   */
  TRUNCATED,
  /** An error inside a 200 stream, or a finish_reason by which the service says that it failed. */
  IN_BAND_ERROR,
  /** 429, 503 or 529 with a well-formed error: refused, not lost. */
  REJECTED,
  /** Any other HTTP status of 400 and up. */
  HTTP_ERROR,
  /** No connection, or reset before the first byte of the answer. */
  CONNECTION_FAILED,
  /** The request's own deadline passed. */
  TIMED_OUT,
  /** The answer broke the protocol. */
  MALFORMED,
  /** Scheduled but never sent: the generator had no room or the run was aborted. */
  NOT_SENT,
  /**
   * Not answered at a moment at which the generator itself was late, as its canary says: it tells
   * nothing about the service.
   */
  GENERATOR_LATE
}
