package dev.muster.timeline.file;

import dev.muster.timeline.Event;
import dev.muster.timeline.Event.RunEnded;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Whether the files of a run are still what was written: the chain of its timeline, and the seal of
 * the others in the last {@code RunEnded}.
 *
 * @param unchained so many of the timeline's first lines have no hash
 * @param sealed whether the run's end sealed the other files
 * @param damage all that is not as it was
 */
public record Integrity(int unchained, boolean sealed, List<Damage> damage) {

  /** How a file is not what it was. */
  public enum Kind {
    /** Something else is in it. */
    CHANGED,
    /** It was there when the run ended. */
    MISSING,
    /** It was not there when the run ended. */
    ADDED,
    /** It is no longer what such a file is, so that only a part of it was read, or nothing. */
    UNREADABLE
  }

  /**
   * @param line from 1; 0 where it is the file as a whole
   */
  public record Damage(String file, int line, Kind kind) {}

  /**
   * Of a run as it is now.
   *
   * @param timeline of that folder
   * @throws JournalException if a file cannot be read
   */
  public static Integrity of(Path runFolder, TimelineFile timeline) {
    var damage = new ArrayList<Damage>();
    var lines = new TreeSet<>(timeline.chain().broken());
    lines.addAll(timeline.unreadable());
    for (int line : lines) {
      boolean unreadable = timeline.unreadable().contains(line);
      damage.add(new Damage(Journal.FILE, line, unreadable ? Kind.UNREADABLE : Kind.CHANGED));
    }
    var seal = seal(timeline.events());
    seal.ifPresent(was -> damage.addAll(compare(was, Seal.of(runFolder))));
    return new Integrity(timeline.chain().unchained(), seal.isPresent(), List.copyOf(damage));
  }

  /** Of the last end: a run that was finished by a later Muster has one of its own. */
  private static Optional<Map<String, String>> seal(List<Event> events) {
    return events.stream()
        .filter(RunEnded.class::isInstance)
        .map(e -> ((RunEnded) e).seal())
        .filter(seal -> !seal.isEmpty())
        .reduce((_, last) -> last);
  }

  private static List<Damage> compare(Map<String, String> was, Map<String, String> is) {
    var damage = new ArrayList<Damage>();
    for (var file : Seal.FILES) {
      var before = was.get(file);
      var now = is.get(file);
      if (before == null && now != null) {
        damage.add(new Damage(file, 0, Kind.ADDED));
      } else if (before != null && now == null) {
        damage.add(new Damage(file, 0, Kind.MISSING));
      } else if (before != null && !before.equals(now)) {
        damage.add(new Damage(file, 0, Kind.CHANGED));
      }
    }
    return damage;
  }

  /** This and what a reader found. */
  public Integrity and(List<Damage> found) {
    var all = new ArrayList<>(damage);
    all.addAll(found);
    return new Integrity(unchained, sealed, List.copyOf(all));
  }
}
