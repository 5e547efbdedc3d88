package dev.muster.load;

import dev.muster.timeline.Request;
import java.time.Instant;

/** Sends one request and says how it ended. Blocks; safe for several threads; never throws. */
public interface ChatClient {

  /**
   * @param intended when the schedule wanted it sent
   */
  Request send(String id, Instant intended);
}
