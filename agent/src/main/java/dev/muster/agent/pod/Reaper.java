package dev.muster.agent.pod;

import dev.muster.agent.words.AgentEventWriter;
import dev.muster.wire.AgentEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Deletes a run's namespace when nothing in it was changed for a while: its Muster, which writes
 * into it again and again, has died. No clock is compared with another's. What cannot be asked
 * counts for nothing, since Muster may not have been able to write either.
 */
public final class Reaper {
  /** What the reaper may do, and nothing else. */
  interface Namespace {
    /** As the API server tells it; the same as long as nobody changes it. */
    String read() throws IOException, InterruptedException;

    /** Once more does no harm. */
    void delete() throws IOException, InterruptedException;
  }

  private static final Duration BETWEEN = Duration.ofSeconds(5);

  private final Namespace namespace;
  private final Duration silence;
  private final AgentEventWriter events;
  private final LongSupplier nanos;
  private String seen = "";
  private long since;
  private boolean reached = true;

  public Reaper(
      Namespace namespace, Duration silence, AgentEventWriter events, LongSupplier nanos) {
    this.namespace = namespace;
    this.silence = silence;
    this.events = events;
    this.nanos = nanos;
  }

  /** Looks until the process is ended, as it is when the namespace goes. */
  public int run() throws InterruptedException {
    while (true) {
      look();
      Thread.sleep(BETWEEN);
    }
  }

  void look() throws InterruptedException {
    try {
      String now = namespace.read();
      reached = true;
      if (!now.equals(seen)) {
        seen = now;
        since = nanos.getAsLong();
      } else if (nanos.getAsLong() - since >= silence.toNanos()) {
        events.say(new AgentEvent.Reaping(silence.toSeconds()));
        namespace.delete();
      }
    } catch (IOException e) {
      if (reached) {
        events.say(new AgentEvent.NotReached(String.valueOf(e.getMessage())));
      }
      reached = false;
      seen = "";
    }
  }
}
