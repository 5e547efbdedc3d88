package dev.muster.drill;

import java.net.URI;
import java.time.Duration;
import java.util.List;

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

  /** What is looked at. */
  public sealed interface Probe {}

  /**
   * @param criteria one of {@code > >= < <=}
   */
  public record Comparison(String criteria, double value) {
    /** False where nothing was measured. */
    public boolean holds(double measured) {
      return switch (criteria) {
        case ">" -> measured > value;
        case ">=" -> measured >= value;
        case "<" -> measured < value;
        case "<=" -> measured <= value;
        default -> throw new IllegalArgumentException("unknown criteria " + criteria);
      };
    }
  }

  /** Share of requests that ended badly. */
  public record ErrorRatio(Comparison comparison) implements Probe {}

  /** A URL that does not answer with a status below 400. */
  public record Http(URI url) implements Probe {}

  /**
   * A program, as a list of words and never through a shell, that ends with another code than 0.
   */
  public record Command(List<String> words) implements Probe {}

  /**
   * An expression of Prometheus's of which some value compares so; one without a value does not.
   */
  public record Promql(String query, Comparison comparison) implements Probe {}

  /**
   * An alert that is in this state.
   *
   * @param state firing or pending
   */
  public record Alert(String name, String state) implements Probe {}
}
