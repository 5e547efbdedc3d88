package dev.muster.engine.run;

import dev.muster.engine.console.Console;
import dev.muster.engine.console.EventLine;
import dev.muster.timeline.Event;
import dev.muster.timeline.file.JournalException;
import java.util.function.Consumer;

/**
 * Where every event of a run goes: to the disk first, then to the run's state and the console. Safe
 * for use by several threads. A journal that cannot be written aborts the run, and the caller that
 * was about to act gets the exception: what is not announced is not done.
 */
public final class Recorder implements Consumer<Event> {
  private final Consumer<Event> journal;
  private final Runnable look;
  private final RunState state;
  private final Console console;
  private final Abort abort;

  /**
   * @param journal puts an event on the disk
   * @param look whether the next one could be put there
   */
  public Recorder(
      Consumer<Event> journal, Runnable look, RunState state, Console console, Abort abort) {
    this.journal = journal;
    this.look = look;
    this.state = state;
    this.console = console;
    this.abort = abort;
  }

  @Override
  public void accept(Event event) {
    boolean written = false;
    try {
      journal.accept(event);
      written = true;
    } catch (JournalException e) {
      abort.request(String.valueOf(e.getMessage()));
      throw e;
    } finally {
      if (written || !(event instanceof Event.FaultArmed)) { // not announced is not done
        state.accept(event);
        if (tells(event)) {
          EventLine.of(event).ifPresent(console::say);
        }
      }
    }
  }

  /** The undo of what had none is for the timeline alone. */
  private boolean tells(Event event) {
    return switch (event) {
      case Event.FaultReverting e -> !state.nothingToUndo(e.fault());
      case Event.FaultReverted e -> !state.nothingToUndo(e.fault());
      default -> true;
    };
  }

  /** Asks for an abort if nothing can be written any more. */
  void look() {
    try {
      look.run();
    } catch (JournalException e) {
      abort.request(String.valueOf(e.getMessage()));
    }
  }
}
