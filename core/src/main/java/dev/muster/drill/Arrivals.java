package dev.muster.drill;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When an open-loop load wants its requests sent, whatever becomes of those before. */
public sealed interface Arrivals {

  /** How the gaps between requests are. */
  enum Pattern {
    /** Random, as of many clients that know nothing of each other. */
    POISSON,
    /** All alike. */
    CONSTANT
  }

  /** At a rate, which may change. */
  record Paced(Pattern pattern, Rate rate) implements Arrivals {}

  /**
   * At the times of a file, which is read when the load begins; the load ends with it.
   *
   * @param file CSV with a header, or a JSON object a line; from where Muster is started
   * @param column that has the times; null for the one named {@code timestamp} in any case
   * @param unit of times that are numbers
   */
  record Trace(String file, @Nullable String column, Unit unit) implements Arrivals {}

  /** Of a number in a trace. */
  enum Unit {
    S(1_000_000_000),
    MS(1_000_000);

    private final long nanos;

    Unit(long nanos) {
      this.nanos = nanos;
    }

    public long nanos() {
      return nanos;
    }
  }

  static Arrivals poisson(double perSecond) {
    return new Paced(Pattern.POISSON, Rate.steady(perSecond));
  }

  static Arrivals constant(double perSecond) {
    return new Paced(Pattern.CONSTANT, Rate.steady(perSecond));
  }

  /** How long it takes by itself; empty where it goes on for ever, or a file says it. */
  default Optional<Duration> length() {
    return this instanceof Paced paced ? paced.rate().length() : Optional.empty();
  }
}
