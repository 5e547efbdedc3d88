package dev.muster.engine.console;

import dev.muster.drill.port.Progress;
import dev.muster.drill.time.Time;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What a person sees of a run: lines for what happened, and on a terminal one live line below them
 * with phase, elapsed against expected, and the load, cut where the terminal ends. When piped, the
 * live line becomes a plain line every ten seconds. Safe for use by several threads.
 */
public final class Console implements Progress, AutoCloseable {
  private static final Duration REPAINT = Duration.ofMillis(500);
  private static final Duration PLAIN_LINE = Duration.ofSeconds(10);

  private final PrintStream out;
  private final IntSupplier columns;
  private final boolean terminal;
  private final boolean quiet;
  private final Time time;
  private final Instant began;
  private final Time.Signal closed;

  private String phase = "";
  private Instant phaseBegan;
  private Duration expected = Duration.ZERO;
  private Supplier<String> live = () -> "";
  private boolean painted;

  /**
   * @param columns of the terminal that {@code out} is; 0 if it is none, which is asked once
   */
  public Console(PrintStream out, IntSupplier columns, boolean quiet, Time time) {
    this.out = out;
    this.columns = columns;
    this.terminal = columns.getAsInt() > 0;
    this.quiet = quiet;
    this.time = time;
    this.closed = time.signal();
    this.began = time.instant();
    this.phaseBegan = began;
  }

  /** Starts to repaint; without this only lines are printed. */
  public Console start() {
    if (!quiet) {
      time.start("console", this::repaint);
    }
    return this;
  }

  /** A phase begins; {@code expected} zero means that nobody knows how long it takes. */
  public synchronized void phase(String name, Duration expected) {
    phase = name;
    phaseBegan = time.instant();
    this.expected = expected;
    say("== " + name + (expected.isZero() ? "" : " (expected " + clockFace(expected) + ")"));
  }

  /** What stands in the live line behind the phase. */
  public synchronized void live(Supplier<String> text) {
    live = text;
  }

  @Override
  public synchronized void say(String line) {
    if (quiet) {
      return;
    }
    wipe();
    out.println(clockFace(Duration.between(began, time.instant())) + "  " + line);
    out.flush();
  }

  private void repaint() {
    Duration pause = terminal ? REPAINT : PLAIN_LINE;
    try {
      while (!closed.await(pause)) {
        paint();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void paint() {
    String text = liveLine();
    if (terminal) {
      wipe();
      out.print(
          Columns.cut(text, columns.getAsInt() - 1)); // in the last column some terminals wrap
      out.flush();
      painted = true;
    } else if (!live.get().isEmpty()) {
      out.println(clockFace(Duration.between(began, time.instant())) + "  .. " + text);
      out.flush();
    }
  }

  private String liveLine() {
    Duration elapsed = Duration.between(phaseBegan, time.instant());
    String course = clockFace(elapsed) + (expected.isZero() ? "" : "/" + clockFace(expected));
    return phase + " " + course + "  " + live.get();
  }

  private void wipe() {
    if (painted) {
      out.print("\r\u001b[2K");
      painted = false;
    }
  }

  static String clockFace(Duration time) {
    return String.format(Locale.ROOT, "%02d:%02d", time.toMinutes(), time.toSecondsPart());
  }

  @Override
  public synchronized void close() {
    wipe();
    closed.raise();
  }
}
