package dev.muster.load.schedule;

/**
 * Which requests of a schedule one of several generators sends: each request is sent by exactly one
 * of them, at the time and with the id that it has where a single one sends all.
 *
 * @param part from 0
 * @param of how many there are, at least 1
 */
public record Share(int part, int of) {
  public static final Share WHOLE = new Share(0, 1);

  public Share {
    if (part < 0 || part >= of) {
      throw new IllegalArgumentException("part " + part + " of " + of + " is none");
    }
  }

  /**
   * @param number of a request in the whole schedule, from 0
   */
  public boolean has(long number) {
    return number % of == part;
  }
}
