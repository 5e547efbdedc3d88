package dev.muster.observe.served;

import dev.muster.timeline.ObjectRef;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whose an address was, and when: a new pod may get that of one that has gone. */
final class PodAddresses {
  private final Map<String, TreeMap<Instant, ObjectRef.Pod>> pods = new HashMap<>();

  void saw(String address, Instant created, ObjectRef.Pod pod) {
    pods.computeIfAbsent(address, _ -> new TreeMap<>()).put(created, pod);
  }

  /**
   * The youngest that was there then. The API server's clock may be ahead of ours: one that was
   * made later by it is meant where there was no other.
   */
  Optional<ObjectRef.Pod> at(String address, Instant when) {
    var known = pods.get(address);
    if (known == null) {
      return Optional.empty();
    }
    var then = known.floorEntry(when);
    return Optional.of(then == null ? known.firstEntry().getValue() : then.getValue());
  }
}
