package dev.muster.load;

import dev.muster.timeline.Request;
import java.time.Instant;
import java.util.function.Consumer;

/** Sends chat requests. Safe for use by any number of threads. */
public interface ChatClient {

  /** A request on its way. */
  interface Sending {
    /** Ends it as TIMED_OUT, unless it has ended; its row comes as ever. Safe for any thread. */
    void cut();
  }

  /**
   * Begins one request and returns at once. Never repeats it. Whatever happens is in the row.
   *
   * @param id of the request, unique in a run; part of the prompt
   * @param intended when the schedule wanted it sent
   * @param ended gets the row, exactly once, on a thread that it must not keep
   */
  Sending send(String id, Instant intended, Consumer<Request> ended);
}
