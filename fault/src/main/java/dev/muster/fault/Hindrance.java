package dev.muster.fault;

import dev.muster.drill.time.Time;
import java.time.Duration;

/**
 * For how long Muster itself could not ask for what takes its time, or not look for it: then others
 * are not to blame that it is not done.
 */
final class Hindrance {
  /** Of the time that there is: a refusal now and then leaves enough of it. */
  private static final int PART = 4;

  private final Time time;
  private long since;
  private long hindered;
  private String last = "";

  Hindrance(Time time) {
    this.time = time;
    this.since = time.nanos();
  }

  /**
   * Tells of the time since the last call.
   *
   * @param why it could not; empty where it could
   */
  void passed(String why) {
    long now = time.nanos();
    if (!why.isEmpty()) {
      hindered += now - since;
      last = why;
    }
    since = now;
  }

  /** More than a quarter of all. */
  boolean most(Duration all) {
    return hindered > all.dividedBy(PART).toNanos();
  }

  String words() {
    return "for %d s Muster itself could not ask or look: %s"
        .formatted(Duration.ofNanos(hindered).toSeconds(), last.replaceFirst("^; ", ""));
  }
}
