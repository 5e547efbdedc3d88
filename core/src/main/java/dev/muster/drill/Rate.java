package dev.muster.drill;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Requests a second over the time of a load: stretches one after another, and what goes on after
 * them for ever.
 *
 * @param then positive, up to 10,000
 */
public record Rate(List<Stretch> stretches, double then) {

  /**
   * A straight line.
   *
   * @param from a second, at its beginning; not negative, and not 0 where {@code to} is
   * @param to at its end
   * @param lasting positive
   */
  public record Stretch(double from, double to, Duration lasting) {
    private double seconds() {
      return lasting.toNanos() / 1e9;
    }

    private double requests() {
      return (from + to) / 2 * seconds();
    }

    /** Requests in its first so many seconds. */
    private double until(double seconds) {
      return seconds * (from + (to - from) * seconds / (2 * seconds()));
    }

    /** When so many were sent, in seconds; the root that does not cancel out. */
    private double after(double requests) {
      double rise = (to - from) / seconds();
      return requests <= 0
          ? 0
          : 2 * requests / (from + Math.sqrt(Math.max(0, from * from + 2 * rise * requests)));
    }
  }

  public Rate {
    stretches = List.copyOf(stretches);
    if (!(then > 0) || Double.isInfinite(then)) {
      throw new IllegalArgumentException("load.arrivals: a rate must be positive, not " + then);
    }
  }

  public static Rate steady(double perSecond) {
    return new Rate(List.of(), perSecond);
  }

  /** How long its stretches last; empty where it has none. */
  public Optional<Duration> length() {
    return stretches.stream().map(Stretch::lasting).reduce(Duration::plus);
  }

  /** The highest that it ever is. */
  public double peak() {
    return stretches.stream()
        .mapToDouble(stretch -> Math.max(stretch.from, stretch.to))
        .reduce(then, Math::max);
  }

  /**
   * Requests from the beginning of the load on, as a mean.
   *
   * @param seconds since the load began; before it there are none
   */
  public double until(double seconds) {
    double left = Math.max(0, seconds);
    double requests = 0;
    for (var stretch : stretches) {
      if (left <= stretch.seconds()) {
        return requests + stretch.until(left);
      }
      requests += stretch.requests();
      left -= stretch.seconds();
    }
    return requests + left * then;
  }

  /** The other way round: seconds from the beginning until so many requests are due. */
  public double after(double requests) {
    double left = requests;
    double seconds = 0;
    for (var stretch : stretches) {
      if (left <= stretch.requests()) {
        return seconds + stretch.after(left);
      }
      left -= stretch.requests();
      seconds += stretch.seconds();
    }
    return seconds + left / then;
  }
}
