package dev.muster.deepseek.wire.chat;

import java.util.List;

/**
 * Looks for the end of a text that comes in pieces. It ends with the piece in which a stop sequence
 * is complete, and what the client gets ends where that sequence begins.
 */
public final class StopSearch {
  private final List<String> stops;
  private final int longest;
  private String tail = "";
  private long before; // characters in front of the tail
  private long cut = -1;

  public StopSearch(List<String> stops) {
    this.stops = stops;
    longest = stops.stream().mapToInt(String::length).max().orElse(0);
  }

  /**
   * Takes the next piece.
   *
   * @return whether the text ends with it
   */
  public boolean ends(String piece) {
    var text = tail + piece;
    int first = Integer.MAX_VALUE;
    for (var stop : stops) {
      int at = text.indexOf(stop);
      first = at < 0 ? first : Math.min(first, at);
    }
    if (first < Integer.MAX_VALUE) {
      cut = before + first;
      return true;
    }
    // the rest may be the beginning of a stop sequence
    int kept = Math.min(text.length(), Math.max(0, longest - 1));
    before += text.length() - kept;
    tail = text.substring(text.length() - kept);
    return false;
  }

  /** How many characters the client gets; -1 if the text does not end. */
  public long cut() {
    return cut;
  }
}
