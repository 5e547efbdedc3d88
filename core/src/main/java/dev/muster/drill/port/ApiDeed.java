package dev.muster.drill.port;

import java.time.Duration;
import java.util.Map;

/** A disturbance that is made through the API server, and taken back in the same way. */
public interface ApiDeed extends ApiUndo {

  /** What it makes, for the journal: enough for another process to remove it. */
  Map<String, String> identity();

  /**
   * @throws RuntimeException if the cluster refuses
   */
  void apply();

  /**
   * Goes on with what one request does not do, as where evictions are refused for the moment.
   * Called again and again until the effect is seen, and not after {@link #undo}.
   *
   * @throws RuntimeException if the cluster refuses; it is called again all the same
   */
  default void proceed() {
    // done at once
  }

  /** Whether the cluster or the victim ends it at its ttl, also where nobody undoes it. */
  default boolean endsItself() {
    return true;
  }

  /**
   * Between two looks for its effect. What takes minutes, and asks for lists, needs no look three
   * times a second.
   */
  default Duration step() {
    return Duration.ofMillis(300);
  }

  /** For so long its effect is looked for. */
  default Duration patience() {
    return Duration.ofSeconds(60);
  }
}
