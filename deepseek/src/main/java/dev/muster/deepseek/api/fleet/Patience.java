package dev.muster.deepseek.api.fleet;

import dev.muster.deepseek.api.config.GatewayConfig;
import java.time.Duration;

/**
 * How long a worker may be silent before it counts as lost. Functions of what is known of it.
 *
 * @param floor between tokens at least: a busy machine pauses for so long without being lost
 * @param ceiling between tokens at most
 * @param firstToken to the first token of a short prompt at a worker that has nothing else to read
 * @param promptRate tokens of prompts that the slowest worker reads in a second
 * @param request bound for a whole request
 */
public record Patience(
    Duration floor, Duration ceiling, Duration firstToken, int promptRate, Duration request) {
  /** How many of its own p99 gaps a worker may be silent. */
  private static final int GAPS = 8;

  /** A stream that stands while its worker goes on with others waits for room in the cache. */
  private static final int STANDING = 4;

  public static Patience of(GatewayConfig config) {
    return new Patience(
        config.tokenFloor(),
        config.token(),
        config.firstToken(),
        config.promptRate(),
        config.request());
  }

  /**
   * Nanoseconds without a token of any stream.
   *
   * @param p99 of the worker's gaps; 0 where it is not known
   */
  long betweenTokens(long p99) {
    var most = ceiling.toNanos();
    var least = Math.min(floor.toNanos(), most);
    return p99 == 0 ? most : Math.clamp(Math.min(p99, most) * GAPS, least, most);
  }

  /** Nanoseconds that one stream may stand while others of its worker go on. */
  long standing() {
    return ceiling.toNanos() * STANDING;
  }

  /** Nanoseconds without a sign of life from a worker that waits and gives such signs. */
  long betweenComments() {
    return ceiling.toNanos();
  }

  /**
   * Nanoseconds to the first token.
   *
   * @param prompts tokens that the worker has to read until then, those of others before it
   *     included
   * @param comments whether it says that it lives: then it is given twice the time, but not more,
   *     for a worker that is stuck says so too
   */
  long toFirstToken(long prompts, boolean comments) {
    return firstToken.toNanos() * (comments ? 2 : 1)
        + (long) (prompts * 1e9 / Math.max(1, promptRate));
  }
}
