package dev.muster.observe;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Waits for what is still under way at the end of a run: until its count stands still. */
public final class StableCountWait implements AutoCloseable {
  /** Between two looks whether more comes. */
  public static final Duration APART = Duration.ofSeconds(3);

  private final Duration apart;
  private final int looks;
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * @param apart between two looks
   * @param looks so often at most
   */
  public StableCountWait(Duration apart, int looks) {
    this.apart = apart;
    this.looks = looks;
  }

  /**
   * @param least a smaller count does not stand still, it has not begun
   * @return the last count; also where this was closed meanwhile, or where it never was as much as
   *     {@code least}
   * @throws ObservationException if more came with every look: a part of them proves nothing
   */
  public long await(LongSupplier count, long least) throws InterruptedException {
    long seen = count.getAsLong();
    for (int look = 0; look < looks; look++) {
      if (closed.await(apart.toMillis(), TimeUnit.MILLISECONDS)) {
        return seen;
      }
      long now = count.getAsLong();
      if (now == seen && now >= least) {
        return now;
      }
      seen = now;
    }
    if (seen >= least) {
      throw new ObservationException(
          "more still came %d s after the end of the run, %d until then"
              .formatted(apart.multipliedBy(looks).toSeconds(), seen));
    }
    return seen;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
