package dev.muster.timeline;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When something happened.
 *
 * @param at on the engine's clock
 * @param source who saw it: engine, api-server, node, client, load-balancer, lab, worker …
 * @param sourceTime the source's own time of the event, where it has one
 * @param uncertainty the event happened within this much before {@code at}; zero where {@code at}
 *     is the act itself
 */
public record Stamp(Instant at, String source, @Nullable Instant sourceTime, Duration uncertainty) {

  /** An act of the engine itself: no uncertainty. */
  public static Stamp engine(Instant at) {
    return new Stamp(at, "engine", null, Duration.ZERO);
  }

  /**
   * Seen by {@code source}, which has no clock of its own, at most {@code uncertainty} after it
   * happened.
   */
  public static Stamp seen(Instant at, String source, Duration uncertainty) {
    return new Stamp(at, source, null, uncertainty);
  }
}
