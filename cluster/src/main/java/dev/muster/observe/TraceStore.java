package dev.muster.observe;

import dev.muster.timeline.Trace;
import dev.muster.timeline.file.TraceFile;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The traces of a run, in its folder as soon as a source was read. */
public final class TraceStore {
  private final Path runFolder;
  private final Map<Trace.Source, List<Trace>> all = new EnumMap<>(Trace.Source.class);

  public TraceStore(Path runFolder) {
    this.runFolder = runFolder;
  }

  /** On the disk when it returns; announced by an event afterwards. */
  public synchronized void put(Trace.Source source, List<Trace> traces) {
    all.put(source, List.copyOf(traces));
    TraceFile.write(runFolder, all.values().stream().flatMap(List::stream).toList());
  }
}
