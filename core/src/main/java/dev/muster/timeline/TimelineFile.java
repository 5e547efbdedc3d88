package dev.muster.timeline;

import dev.muster.source.Trouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;

/**
 * The timeline of a run as it was read.
 *
 * @param events in the order of the file
 * @param torn whether the last line was cut short and passed over: Muster was killed while writing
 * @param unknown types that this version does not know, with how many of each were passed over
 */
public record TimelineFile(List<Event> events, boolean torn, Map<String, Integer> unknown) {

  /**
   * Reads {@code timeline.jsonl} of a run folder. May be read while it is being written.
   *
   * @throws JournalException if there is none, or if a line other than the last is no event
   */
  public static TimelineFile read(Path runFolder) {
    var path = runFolder.resolve(Journal.FILE);
    try {
      return parse(Files.readAllBytes(path), path.toString());
    } catch (NoSuchFileException e) {
      throw new JournalException("no timeline in " + runFolder + ": it is not a run's folder", e);
    } catch (IOException e) {
      throw new JournalException("can not read " + path + ": " + Trouble.why(e), e);
    }
  }

  static TimelineFile parse(byte[] bytes, String name) {
    var events = new ArrayList<Event>();
    var unknown = new TreeMap<String, Integer>();
    var lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      boolean last = i == lines.length - 1;
      if (lines[i].isEmpty()) {
        continue;
      }
      try {
        var line = EventJson.MAPPER.readTree(lines[i]);
        var event = EventJson.read(line);
        if (event != null) {
          events.add(event);
        } else {
          unknown.merge(EventJson.type(line), 1, Integer::sum);
        }
      } catch (JacksonException e) {
        if (last) {
          return new TimelineFile(List.copyOf(events), true, unknown);
        }
        throw new JournalException(
            name + ":" + (i + 1) + ": not an event: " + e.getOriginalMessage(), e);
      }
    }
    return new TimelineFile(List.copyOf(events), false, unknown);
  }
}
