package dev.muster.observe;

import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Whether something is seen. Tells the timeline when it is lost and when it is seen again, once
 * each, and knows how old what is told may be. Safe for several threads.
 */
public final class ObservationTracker {
  /**
   * A change is told within this where nothing is wrong; measured well below it on an idle cluster,
   * kept honest.
   */
  public static final Duration USUAL = Duration.ofMillis(500);

  private final String what;
  private final InstantSource clock;
  private final Consumer<Event> timeline;
  private Instant current;
  private Instant missed = Instant.MIN;
  private Instant behind = Instant.MIN;
  private Instant caughtUp = Instant.MIN;
  private boolean lost;

  /** It is seen now. */
  public ObservationTracker(String what, InstantSource clock, Consumer<Event> timeline) {
    this.what = what;
    this.clock = clock;
    this.timeline = timeline;
    current = clock.instant();
  }

  /** What happened until now was told. */
  public synchronized void current() {
    if (lost) {
      resumed();
    }
    current = clock.instant();
  }

  /** What happened until then was told. */
  public synchronized void current(Instant until) {
    if (!lost && until.isAfter(current)) {
      current = until;
    }
  }

  /** Nothing is told any more, perhaps since it was last current. */
  public synchronized void lost(String why) {
    missed = clock.instant();
    if (!lost) {
      lost = true;
      timeline.accept(new Event.ObservationLost(since(current), what, why));
    }
  }

  /**
   * It broke, and may be mended in a moment.
   *
   * @param bearable it is lost only where that takes longer
   */
  public synchronized void broke(String why, Duration bearable) {
    if (age().compareTo(bearable) > 0) {
      lost(why);
    }
  }

  /** It is seen again; what happened meanwhile is told now. */
  public synchronized void resumed() {
    if (lost) {
      lost = false;
      timeline.accept(new Event.ObservationResumed(since(missed), what));
    }
    behind = current;
    current = clock.instant();
    caughtUp = current.plus(USUAL);
  }

  /** How long ago it was current. */
  public synchronized Duration age() {
    return Duration.between(current, clock.instant());
  }

  /** What is told now happened at most so long ago. */
  public synchronized Duration uncertainty() {
    Instant now = clock.instant();
    Duration gap =
        lost ? age() : now.isBefore(caughtUp) ? Duration.between(behind, now) : Duration.ZERO;
    return gap.compareTo(USUAL) > 0 ? gap : USUAL;
  }

  private Stamp since(Instant before) {
    Instant now = clock.instant();
    return Stamp.seen(now, "engine", Duration.between(before, now));
  }
}
