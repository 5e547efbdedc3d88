package dev.muster.engine.run;

import dev.muster.drill.port.Observer;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.file.JournalException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/**
 * All observers of a run as one. Whatever goes wrong with one of them is written down as not
 * observed and harms neither the run nor the others; only a journal that cannot be written does.
 */
public record Observers(List<Observer> all, Consumer<Event> timeline, InstantSource clock)
    implements AutoCloseable {

  /** So long is waited at most, whatever observers say. */
  static final Duration PATIENCE = Duration.ofMinutes(30);

  boolean none() {
    return all.isEmpty();
  }

  void begin() throws InterruptedException {
    for (Observer observer : all) {
      guarded(observer, observer::begin);
    }
  }

  boolean settled(Duration sinceUndone) {
    return all.stream().allMatch(o -> o.settled(sinceUndone));
  }

  void end() throws InterruptedException {
    for (Observer observer : all) {
      guarded(observer, observer::end);
    }
  }

  private interface Act {
    void run() throws InterruptedException;
  }

  private void guarded(Observer observer, Act act) throws InterruptedException {
    try {
      act.run();
    } catch (JournalException e) {
      throw e;
    } catch (RuntimeException e) {
      timeline.accept(
          new Event.NotObserved(
              Stamp.engine(clock.instant()), observer.name(), String.valueOf(e.getMessage())));
    }
  }

  @Override
  public void close() {
    all.forEach(Observer::close);
  }
}
