package dev.muster.agent.deed;

import dev.muster.agent.node.FaultException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one kind of fault does on a node. Constructing one changes nothing. */
public interface Deed {

  /**
   * Lines for {@code undo.sh}: all that takes back what {@link #inject} will do, by identity. Known
   * before anything is done; undoing what was never done does no harm.
   *
   * @throws FaultException if the fault cannot be done on this node
   */
  List<String> undo();

  /**
   * @throws FaultException if it could not be done
   */
  void inject();

  /** So long after the injection {@link #effect} may have to be awaited, if the fault lasts. */
  default Duration patience() {
    return Duration.ZERO;
  }

  /** What shows the effect on the node itself; empty as long as nothing does. */
  Optional<Map<String, String>> effect();

  /**
   * What shows that the effect goes on while it is held: looked for every few seconds, so it must
   * be cheap. Empty where nothing does.
   *
   * @throws FaultException if it cannot come back, as where a program has ended
   */
  default Optional<Map<String, String>> still() {
    return effect();
  }

  /** What still shows the effect after the undo; empty where it is gone. */
  Optional<String> remains();
}
