package dev.muster.load;

import java.util.ArrayList;
import java.util.List;

/**
 * Server-sent events, strictly: an event counts only after its blank line, so an end of the stream
 * in the middle of one is not an event. Comments (keep-alives) are no events. One line at a time,
 * as split at LF, CRLF or CR. Not safe for several threads.
 */
final class SseParser {
  private final List<String> data = new ArrayList<>();

  /**
   * Takes one line without its end; returns the finished event's data, or null if none is finished.
   */
  @org.jspecify.annotations.Nullable
  String line(String line) {
    if (line.isEmpty()) {
      if (data.isEmpty()) {
        return null;
      }
      String event = String.join("\n", data);
      data.clear();
      return event;
    }
    if (line.startsWith("data:")) {
      String value = line.substring(5);
      data.add(value.startsWith(" ") ? value.substring(1) : value);
    }
    return null;
  }
}
