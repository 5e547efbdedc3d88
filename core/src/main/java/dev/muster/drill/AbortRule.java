package dev.muster.drill;

import dev.muster.drill.abort.Probe;
import java.time.Duration;

/**
 * A condition under which a drill is ended early.
 *
 * @param lasting so long it must have held where it is looked at again and again; a share of
 *     requests is taken over this time
 */
public record AbortRule(Probe probe, When mode, Duration lasting) {

  /** When it is looked at, in Litmus's words. */
  public enum When {
    /** Once, before the first fault. */
    SOT("SOT"),
    /** Once, after the recovery. */
    EOT("EOT"),
    /** Before the first fault and after the recovery. */
    EDGE("Edge"),
    /** From the first fault to the end of the recovery. */
    CONTINUOUS("Continuous"),
    /** From the first fault until the last is undone. */
    ON_CHAOS("OnChaos");

    private final String word;

    When(String word) {
      this.word = word;
    }

    public static When of(String word) {
      for (When when : values()) {
        if (when.word.equals(word)) {
          return when;
        }
      }
      throw new IllegalArgumentException("unknown mode " + word);
    }

    /** As in the drill file. */
    public String word() {
      return word;
    }

    public boolean atStart() {
      return this == SOT || this == EDGE;
    }

    public boolean atEnd() {
      return this == EOT || this == EDGE;
    }

    /** Whether it is looked at only at moments, so that nothing can last. */
    public boolean once() {
      return atStart() || atEnd();
    }
  }
}
