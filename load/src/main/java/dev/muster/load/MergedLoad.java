package dev.muster.load;

import dev.muster.timeline.Request;
import java.time.InstantSource;

/**
 * One load of the rows of several generators. All that is told of it is counted from rows, as it is
 * where one generator sends all: nothing is averaged of averages. Safe for use by several threads.
 */
public final class MergedLoad {
  private final Recent recent;
  private final long seed;

  /**
   * @param clock the engine's
   */
  public MergedLoad(InstantSource clock, long seed) {
    recent = new Recent(clock);
    this.seed = seed;
  }

  /** A row that came home. */
  public void add(Request row) {
    recent.finished(row);
  }

  /** So many requests were due, of all generators together. */
  public void scheduled(long all) {
    recent.scheduled(all);
  }

  public Recent recent() {
    return recent;
  }

  public LoadGenerator.Summary summary() {
    return recent.summary(seed);
  }
}
