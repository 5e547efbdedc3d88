package dev.muster.timeline.file;

import dev.muster.source.Trouble;
import dev.muster.timeline.EventJson;
import dev.muster.timeline.Trace;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.core.JacksonException;

/**
 * The traces of a run: read from etcd and the log store at its end, and kept so that they can be
 * judged again. Written as a whole, or not at all.
 */
public final class TraceFile {
  /** The file's name in a run folder. */
  public static final String FILE = "traces.jsonl.gz";

  private TraceFile() {}

  /**
   * Replaces what was there of this source. On the disk when it returns, and announced by an event
   * afterwards. Not for several threads at once.
   *
   * @throws JournalException if the file is broken or cannot be written
   */
  public static void put(Path runFolder, Trace.Source source, List<Trace> traces) {
    var all = new ArrayList<>(read(runFolder));
    all.removeIf(trace -> trace.source() == source);
    all.addAll(traces);
    all.sort(Comparator.comparing(Trace::source));
    write(runFolder, all);
  }

  /**
   * Replaces what was there.
   *
   * @throws JournalException if it cannot be written
   */
  public static void write(Path runFolder, Collection<Trace> traces) {
    var path = runFolder.resolve(FILE);
    var partial = runFolder.resolve(FILE + ".partial");
    try {
      try (var lines =
          new BufferedWriter(
              new OutputStreamWriter(
                  new GZIPOutputStream(Files.newOutputStream(partial)), StandardCharsets.UTF_8))) {
        for (var trace : traces) {
          lines.write(EventJson.MAPPER.writeValueAsString(trace));
          lines.write('\n');
        }
      }
      Files.move(
          partial, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new JournalException("can not write " + path + ": " + Trouble.why(e), e);
    }
  }

  /**
   * Empty where none were ever read.
   *
   * @throws JournalException if the file is broken
   */
  public static List<Trace> read(Path runFolder) {
    var path = runFolder.resolve(FILE);
    if (!Files.exists(path)) {
      return List.of();
    }
    var traces = new ArrayList<Trace>();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(path)), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        traces.add(EventJson.MAPPER.readValue(line, Trace.class));
      }
    } catch (IOException | JacksonException e) {
      throw new JournalException("can not read " + path + ": " + e.getMessage(), e);
    }
    return List.copyOf(traces);
  }
}
