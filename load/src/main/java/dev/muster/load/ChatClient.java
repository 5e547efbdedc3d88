package dev.muster.load;

import dev.muster.timeline.Request;
import java.time.Instant;

/** Sends chat requests. Safe for use by any number of threads. */
public interface ChatClient extends AutoCloseable {

  /**
   * Sends one request and blocks until its end. Never retries. Whatever happens is in the row; an
   * interrupt of the calling thread cuts the request off (outcome TIMED_OUT).
   *
   * @param id of the request, unique in a run; part of the prompt
   * @param intended when the schedule wanted it sent
   */
  Request send(String id, Instant intended);

  @Override
  void close();
}
