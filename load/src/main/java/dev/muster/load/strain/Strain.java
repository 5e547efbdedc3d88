package dev.muster.load.strain;

import dev.muster.timeline.file.SeriesFile;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What took the CPU from the generator, second by second: collections of garbage, and the time that
 * the host gave to other guests (steal, the eighth figure of the first line of Linux's /proc/stat,
 * in hundredths of a second over all CPUs). Safe for use by several threads.
 */
public final class Strain implements AutoCloseable {
  private static final Path STAT = Path.of("/proc/stat");
  private static final long TICK_MILLIS = 10;
  private static final int STEAL = 8;
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final InstantSource clock;
  private final Path stat;
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans();
  private final BySecond gc = new BySecond();
  private final BySecond steal = new BySecond();
  private long collected;
  private OptionalLong stolen;
  private volatile boolean closed;

  /** Looks every second from now on. */
  public Strain(InstantSource clock) {
    this(clock, STAT);
    Thread.ofPlatform().daemon().name("load-strain").start(this::run);
  }

  Strain(InstantSource clock, Path stat) {
    this.clock = clock;
    this.stat = stat;
    collected = collectedMillis();
    stolen = stolenMillis();
  }

  private void run() {
    for (long due = System.nanoTime() + SECOND; !closed; due += SECOND) {
      for (long left; !closed && (left = due - System.nanoTime()) > 0; ) {
        LockSupport.parkNanos(left);
      }
      look();
    }
  }

  synchronized void look() {
    var at = clock.instant();
    long now = collectedMillis();
    gc.add(at, (double) (now - collected));
    collected = now;
    var then = stolenMillis();
    if (then.isPresent() && stolen.isPresent()) {
      steal.add(at, (double) (then.getAsLong() - stolen.getAsLong()));
    }
    stolen = then;
  }

  private long collectedMillis() {
    return collectors.stream().mapToLong(c -> Math.max(0, c.getCollectionTime())).sum();
  }

  /** Empty where the system does not tell. */
  private OptionalLong stolenMillis() {
    try (var lines = Files.lines(stat)) {
      var fields = lines.findFirst().orElse("").split(" +", -1);
      return OptionalLong.of(Long.parseLong(fields[STEAL]) * TICK_MILLIS);
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return OptionalLong.empty();
    }
  }

  /** Milliseconds that collections of garbage took in each second. */
  public synchronized List<SeriesFile.Point> gcBySecond() {
    return gc.points();
  }

  /** Milliseconds that the host gave to others in each second, over all CPUs; none if unknown. */
  public synchronized List<SeriesFile.Point> stealBySecond() {
    return steal.points();
  }

  @Override
  public void close() {
    closed = true;
  }
}
