package dev.muster.drill;

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

  /** What to say where it was never seen. */
  String unseen();
}
