package dev.muster.deepseek.api.exchange;

import java.util.Locale;

/** How a client's request ended, as this gateway sees it. */
public enum Outcome {
  COMPLETE,
  /** A refusal that is the client's own doing: 400, 401, 422. */
  INVALID,
  /** 429 or 503. */
  REJECTED,
  /** No worker answered; the client got an error status. */
  FAILED,
  /** The client had a part of the answer when its worker was lost. */
  LOST,
  /** The gateway shut down, and told the client how to go on with the rest at another. */
  HANDED_OVER,
  /** The client left. */
  CANCELLED;

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
