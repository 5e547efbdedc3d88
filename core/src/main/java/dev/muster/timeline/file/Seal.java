package dev.muster.timeline.file;

import dev.muster.source.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code RunEnded} says of the files beside the timeline, so that one that was changed later
 * is known.
 */
public final class Seal {
  /** All that a verdict or a report is computed from beside the timeline, where it is there. */
  static final List<String> FILES =
      List.of("drill.yaml", LedgerFile.PLAIN, LedgerFile.PACKED, TraceFile.FILE, SeriesFile.NAME);

  private Seal() {}

  /**
   * The files that are there and their SHA-256. To be taken when nothing writes them any more.
   *
   * @throws JournalException if one cannot be read
   */
  public static Map<String, String> of(Path runFolder) {
    var seal = new TreeMap<String, String>();
    for (var name : FILES) {
      var path = runFolder.resolve(name);
      if (Files.exists(path)) {
        try {
          seal.put(name, Sha256.of(path));
        } catch (IOException e) {
          throw new JournalException("can not read " + path + ": " + Trouble.why(e), e);
        }
      }
    }
    return seal;
  }
}
