package dev.muster.cli;

import dev.muster.engine.Abort;
import dev.muster.engine.ExitCode;
import java.util.concurrent.CountDownLatch;

/**
 * Ctrl-C and TERM during a run. While the lab comes up they interrupt it, so that it takes itself
 * down; once the drill runs they ask for its end, and wait until the fault is undone and judged.
 */
final class Interrupt {
  private final Abort abort = new Abort();
  private final Thread runner = Thread.currentThread();
  private final Thread hook = new Thread(this::undoBeforeExit, "undo-before-exit");
  private volatile ExitCode code = ExitCode.INCONCLUSIVE;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean running;

  /** Begins to listen; the calling thread is the one that runs the drill. */
  Interrupt() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** From now on the drill itself ends the run when asked. */
  Abort running() {
    running = true;
    return abort;
  }

  void exitCode(ExitCode verdict) {
    code = verdict;
  }

  /** Everything is undone and told: whoever waits for it may leave. */
  void over() {
    ended.countDown();
  }

  private void undoBeforeExit() {
    if (ended.getCount() == 0) {
      return; // an ordinary exit
    }
    abort.request("interrupted by the user");
    if (!running) {
      runner.interrupt();
    }
    try {
      // not the thread: its own exit would wait for this hook
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(code.code());
  }
}
