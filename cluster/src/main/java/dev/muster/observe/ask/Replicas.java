package dev.muster.observe.ask;

import dev.muster.observe.ObservationException;
import java.util.List;

/** The pods of one component of the service, as they are now. */
public interface Replicas {
  /**
   * Without those that leave; by name.
   *
   * @throws ObservationException if that cannot be said, or there are none
   */
  List<Replica> now();
}
