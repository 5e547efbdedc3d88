package dev.muster.drill.port;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How the effect of a fault is seen by somebody who did not inject it: the API server, a kubelet
 * that measures, a client, a probe on another node. Used by one thread at a time.
 */
public interface Effect {

  /**
   * Looks how things are before the fault.
   *
   * @return why the effect could not be told from how things are already; empty where it can
   */
  Optional<String> before() throws InterruptedException;

  /** What shows the effect; empty as long as nothing does. */
  Optional<Map<String, String>> seen() throws InterruptedException;

  /**
   * Of what takes its time: what is not done yet, by name, and what keeps it from that, where it
   * can be seen that it was begun. Empty where nothing shows that, or nothing is left.
   */
  default Map<String, String> left() {
    return Map.of();
  }

  /** What to say where it was never seen. */
  String unseen();

  /**
   * Whether there is something that goes on until the undo. A process that was killed, a pod that
   * was deleted and a node that was started again are done at once.
   */
  default boolean lasts() {
    return true;
  }

  /** Looks once more: while the fault is held, and after its undo. */
  Look again() throws InterruptedException;

  /**
   * For so long each look must say that it is over before that is believed while the fault is held.
   * Whoever measures seldom, or may be deceived by chance, needs more than one look.
   */
  default Duration patience() {
    return Duration.ZERO;
  }

  /** For so long after the undo its end is looked for. */
  default Duration ending() {
    return Duration.ofSeconds(90);
  }

  /** What one look tells. */
  sealed interface Look {}

  /** The effect is there. */
  record Lasts(Map<String, String> evidence) implements Look {}

  /** The opposite of the effect was seen. */
  record Over(Map<String, String> evidence) implements Look {}

  /**
   * What the fault was done to is no more, as where its container was started anew: nobody took the
   * fault away, and there is nothing to undo.
   */
  record Spent(Map<String, String> evidence) implements Look {}

  /** Neither was seen, which proves nothing. */
  record Untold(String why) implements Look {}
}
