package dev.muster.cli.terminal;

import dev.muster.drill.time.RealTime;
import dev.muster.engine.run.Abort;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Ctrl-C, TERM and a terminal that is closed, during a run. The first asks for its end: while the
 * lab comes up by an interrupt, so that it takes itself down; once the drill runs, by an abort, so
 * that the fault is undone and judged. The second ends this process at once.
 */
public final class Interrupt {
  private final Abort abort = new Abort(RealTime.TIME);
  private final Thread runner = Thread.currentThread();
  private final AtomicInteger heard = new AtomicInteger();
  private final PrintStream out;
  private final String left;
  private final IntConsumer exit;
  private volatile boolean running;
  private volatile boolean over;

  /**
   * Begins to listen; the calling thread is the one that runs the drill.
   *
   * @param left what to do with what a second signal leaves
   */
  public static Interrupt listen(String left) {
    Interrupt interrupt = new Interrupt(System.err, left, Runtime.getRuntime()::halt);
    Signals.listen(interrupt::heard, "INT", "TERM", "HUP");
    return interrupt;
  }

  /**
   * @param exit ends this process with that code
   */
  Interrupt(PrintStream out, String left, IntConsumer exit) {
    this.out = out;
    this.left = left;
    this.exit = exit;
  }

  /** From now on the drill itself ends the run when asked. */
  public Abort running() {
    running = true;
    return abort;
  }

  /** Everything is undone and told: whoever asks now may end it. */
  public void over() {
    over = true;
  }

  /** As a shell says it: 130 after Ctrl-C, 143 after TERM; no verdict has such a code. */
  void heard(int signal) {
    if (heard.getAndIncrement() == 0 && !over) {
      out.println("muster: ending; what was begun is undone first, once more ends at once");
      abort.request("interrupted by the user");
      if (!running) {
        runner.interrupt();
      }
      return;
    }
    if (!over) {
      out.println("muster: ended at once. " + left);
      out.flush();
    }
    exit.accept(128 + signal);
  }
}
