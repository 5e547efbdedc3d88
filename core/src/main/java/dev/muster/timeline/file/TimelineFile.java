package dev.muster.timeline.file;

import dev.muster.source.Trouble;
import dev.muster.timeline.Event;
import dev.muster.timeline.EventJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
 * @param unreadable numbers, from 1, of lines that are no events and were passed over
 * @param chain whether the lines are those that were written
 */
public record TimelineFile(
    List<Event> events,
    boolean torn,
    Map<String, Integer> unknown,
    List<Integer> unreadable,
    Chain chain) {

  /**
   * Reads {@code timeline.jsonl} of a run folder, for whoever acts on what it says. May be read
   * while it is being written.
   *
   * @throws JournalException if there is none, or if a line other than the last is no event
   */
  public static TimelineFile read(Path runFolder) {
    return parse(runFolder, true);
  }

  /**
   * As far as it can be read and is what was written, for whoever judges it and tells what is wrong
   * with it: lines that do not fit the chain are passed over.
   *
   * @throws JournalException if there is none
   */
  public static TimelineFile readable(Path runFolder) {
    return parse(runFolder, false);
  }

  private static TimelineFile parse(Path runFolder, boolean strictly) {
    var path = runFolder.resolve(Journal.FILE);
    try {
      return parse(Files.readAllBytes(path), path.toString(), strictly);
    } catch (NoSuchFileException e) {
      throw new JournalException("no timeline in " + runFolder + ": it is not a run's folder", e);
    } catch (IOException e) {
      throw new JournalException("can not read " + path + ": " + Trouble.why(e), e);
    }
  }

  private static TimelineFile parse(byte[] bytes, String name, boolean strictly) {
    var events = new ArrayList<Event>();
    var unknown = new TreeMap<String, Integer>();
    var unreadable = new ArrayList<Integer>();
    var chain = new Chain.Follower();
    int number = 0;
    for (int start = 0, end; start < bytes.length; start = end + 1) {
      end = lineEnd(bytes, start);
      number++;
      if (end == start) {
        continue;
      }
      var line = Arrays.copyOfRange(bytes, start, end);
      try {
        var tree = EventJson.MAPPER.readTree(new String(line, StandardCharsets.UTF_8));
        var event = EventJson.read(tree);
        if (!strictly) {
          EventJson.whole(event);
        }
        boolean fits = chain.line(number, line);
        if (event == null) {
          unknown.merge(EventJson.type(tree), 1, Integer::sum);
        } else if (fits || strictly) {
          events.add(event);
        }
      } catch (JacksonException e) {
        if (end == bytes.length) {
          return new TimelineFile(
              List.copyOf(events), true, unknown, List.copyOf(unreadable), chain.chain());
        }
        if (strictly) {
          throw new JournalException(
              name + ":" + number + ": not an event: " + e.getOriginalMessage(), e);
        }
        chain.line(number, line);
        unreadable.add(number);
      }
    }
    return new TimelineFile(
        List.copyOf(events), false, unknown, List.copyOf(unreadable), chain.chain());
  }

  private static int lineEnd(byte[] bytes, int start) {
    int end = start;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    return end;
  }
}
