package dev.muster.hostile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The objects of a small API server and what became of them, by versions, as watches need it. Safe
 * for several threads.
 */
final class Store {
  /** One change: ADDED, MODIFIED or DELETED. */
  record Change(long version, String type, Place place, ObjectNode object) {}

  /**
   * Where an object is.
   *
   * @param group like {@code /api/v1} or {@code /apis/apps/v1}
   * @param namespace empty for what is in none, and for all of them where it is asked for
   */
  record Place(String group, String namespace, String plural, String name) {
    boolean holds(Place other) {
      return group.equals(other.group)
          && plural.equals(other.plural)
          && (namespace.isEmpty() || namespace.equals(other.namespace))
          && (name.isEmpty() || name.equals(other.name));
    }
  }

  private final Map<String, Change> objects = new TreeMap<>();
  private final List<Change> changes = new ArrayList<>();
  private long version = 1;
  private long oldest;

  synchronized long version() {
    return version;
  }

  synchronized @Nullable ObjectNode get(Place place) {
    Change found = objects.get(place.toString());
    return found == null ? null : found.object();
  }

  /** The objects in a place, by name. */
  synchronized List<ObjectNode> list(Place place) {
    return objects.values().stream()
        .filter(o -> place.holds(o.place()))
        .map(Change::object)
        .toList();
  }

  synchronized ObjectNode put(Place place, ObjectNode object) {
    version++;
    object.withObject("/metadata").put("resourceVersion", Long.toString(version));
    boolean known = objects.containsKey(place.toString());
    Change change = new Change(version, known ? "MODIFIED" : "ADDED", place, object);
    objects.put(place.toString(), change);
    changes.add(change);
    notifyAll();
    return object;
  }

  synchronized @Nullable ObjectNode remove(Place place) {
    Change found = objects.remove(place.toString());
    if (found == null) {
      return null;
    }
    version++;
    ObjectNode last = found.object().deepCopy();
    last.withObject("/metadata").put("resourceVersion", Long.toString(version));
    changes.add(new Change(version, "DELETED", place, last));
    notifyAll();
    return last;
  }

  /** What was before now is not known any more: who watches from there is told 410. */
  synchronized void forget() {
    version++; // so that nobody's version is the newest
    oldest = version;
    changes.clear();
    notifyAll();
  }

  synchronized boolean forgot(long since) {
    return since < oldest;
  }

  /**
   * Changes after a version; where there are none, waits at most so long until anything changes.
   */
  synchronized List<Change> after(long since, Place place, long millis)
      throws InterruptedException {
    long deadline = System.nanoTime() + millis * 1_000_000;
    long before = version;
    while (changed(since, place).isEmpty() && version == before) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    return changed(since, place);
  }

  private List<Change> changed(long since, Place place) {
    return changes.stream().filter(c -> c.version() > since && place.holds(c.place())).toList();
  }
}
