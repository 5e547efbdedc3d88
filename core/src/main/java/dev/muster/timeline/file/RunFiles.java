package dev.muster.timeline.file;

import dev.muster.timeline.Trace;
import dev.muster.timeline.file.Integrity.Damage;
import dev.muster.timeline.file.Integrity.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a run left in its folder beside the drill, for whoever judges it: all that can be read, and
 * what is wrong with the files.
 */
public record RunFiles(
    TimelineFile timeline,
    LedgerFile ledger,
    List<Trace> traces,
    Optional<SeriesFile> series,
    Integrity integrity) {

  /**
   * Reads the folder of a run, finished or not.
   *
   * @throws JournalException if there is no timeline, or the disk does not give what is there
   */
  public static RunFiles read(Path runFolder) {
    var unreadable = new ArrayList<Damage>();
    var timeline = TimelineFile.readable(runFolder);
    var ledger = LedgerFile.read(runFolder);
    ledger
        .unreadable()
        .forEach(
            line -> unreadable.add(new Damage(LedgerFile.name(runFolder), line, Kind.UNREADABLE)));
    var traces = readable(TraceFile.FILE, TraceFile::read, runFolder, unreadable).orElse(List.of());
    var series =
        readable(SeriesFile.NAME, SeriesFile::read, runFolder, unreadable)
            .flatMap(measured -> measured);
    return new RunFiles(
        timeline, ledger, traces, series, Integrity.of(runFolder, timeline).and(unreadable));
  }

  private static <T> Optional<T> readable(
      String file, Function<Path, T> read, Path runFolder, List<Damage> unreadable) {
    try {
      return Optional.of(read.apply(runFolder));
    } catch (JournalException e) {
      unreadable.add(new Damage(file, 0, Kind.UNREADABLE));
      return Optional.empty();
    }
  }
}
