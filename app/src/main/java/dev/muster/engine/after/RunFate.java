package dev.muster.engine.after;

import dev.muster.engine.home.RunFolder;
import dev.muster.timeline.Event;
import dev.muster.timeline.file.Journal;
import dev.muster.timeline.file.TimelineFile;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What became of a run, as its folder tells.
 *
 * @param goingOn some process writes its journal now
 * @param ended it came to its end, by itself or by a later Muster
 * @param pending faults that were armed and of which nothing says that they were undone
 */
public record RunFate(boolean goingOn, boolean ended, List<Event.FaultArmed> pending) {

  /**
   * @throws dev.muster.timeline.file.JournalException if the journal cannot be read
   */
  public static RunFate of(RunFolder run) {
    if (!Files.isRegularFile(run.timeline())) { // killed before its first event, or no run at all
      return new RunFate(false, run.readSite().isEmpty(), List.of());
    }
    List<Event> events = TimelineFile.read(run.path()).events();
    return new RunFate(
        Journal.inUse(run.path()),
        events.stream().anyMatch(e -> e instanceof Event.RunEnded),
        Undo.pending(events));
  }

  public boolean killed() {
    return !goingOn && !ended;
  }

  /**
   * What a list says of it: a verdict alone would hide that a node is still off.
   *
   * @param verdict of a run that has ended
   */
  public String words(String verdict) {
    String run = goingOn ? "going on" : ended ? verdict : "killed";
    return goingOn || pending.isEmpty() ? run : run + ", fault not undone";
  }

  /** Who still suffers from what, like {@code NodeShutdown of node-1}. */
  public String faults() {
    return pending.stream()
        .map(fault -> fault.kind() + " of " + fault.victim())
        .collect(Collectors.joining(", "));
  }
}
