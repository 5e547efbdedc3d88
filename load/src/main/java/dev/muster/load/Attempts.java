package dev.muster.load;

import dev.muster.timeline.Request;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Sends a request as often as somebody likes. Safe for use by any number of threads. */
public interface Attempts {

  /** Gets the row of one attempt, exactly once, on a thread that it must not keep. */
  interface Ended {
    /**
     * @param retryAfter as the server wrote it into the header of that name; null where it did not
     */
    void ended(Request row, @Nullable String retryAfter);
  }

  /**
   * As {@link ChatClient#send}.
   *
   * @param id of the request: the same id asks the same
   * @param as id of this attempt, with which it is sent and its row is written
   */
  ChatClient.Sending attempt(String id, String as, Instant intended, Ended ended);
}
