package dev.muster.engine;

import dev.muster.timeline.Event;
import dev.muster.timeline.Journal;
import dev.muster.timeline.JournalException;
import java.util.function.Consumer;

/**
 * Where every event of a run goes: to the disk first, then to the run's state and the console. Safe
 * for use by several threads. A journal that can not be written aborts the run, and the caller that
 * was about to act gets the exception: what is not announced is not done.
 */
final class Recorder implements Consumer<Event> {
  private final Journal journal;
  private final RunState state;
  private final Console console;
  private final Abort abort;

  Recorder(Journal journal, RunState state, Console console, Abort abort) {
    this.journal = journal;
    this.state = state;
    this.console = console;
    this.abort = abort;
  }

  @Override
  public void accept(Event event) {
    try {
      journal.append(event);
    } catch (JournalException e) {
      abort.request(String.valueOf(e.getMessage()));
      throw e;
    } finally {
      state.accept(event);
      EventLine.of(event).ifPresent(console::say);
    }
  }
}
