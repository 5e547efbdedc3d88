package dev.muster.deepseek.wire.chat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events of a stream as the bytes that came, read strictly: an event counts once its
 * blank line is there. Where the stream gives 0 bytes as nothing is there yet, there is no next
 * event, and it goes on where it was when asked again.
 */
public final class Events {
  private static final byte[] COMMENT = new byte[0];

  private final InputStream in;
  private final int limit;
  private byte[] buffer = new byte[4096];
  private int at;
  private int end;
  private boolean ended;
  private byte @Nullable [] data; // of the event whose blank line is to come

  /**
   * @param limit longest line, and longest event, in bytes
   */
  public Events(InputStream in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  /**
   * The data of the next event; empty for a comment, null where there is none: at the end, where an
   * event without its blank line is dropped. Not to be changed.
   */
  public byte @Nullable [] next() throws IOException {
    while (true) {
      int newline = newline();
      if (newline < 0) {
        return null;
      }
      int from = at;
      int to = newline > from && buffer[newline - 1] == '\r' ? newline - 1 : newline;
      at = newline + 1;
      if (to == from) {
        var whole = data;
        if (whole != null) {
          data = null;
          return whole;
        }
      } else if (buffer[from] == ':') {
        return COMMENT;
      } else if (data(from, to)) {
        int text = to > from + 5 && buffer[from + 5] == ' ' ? from + 6 : from + 5;
        data = data == null ? Arrays.copyOfRange(buffer, text, to) : joined(data, text, to);
      }
    }
  }

  /** Whether there is no next event because the stream ended. */
  public boolean ended() {
    return ended;
  }

  private boolean data(int from, int to) {
    return to - from >= 5
        && buffer[from] == 'd'
        && buffer[from + 1] == 'a'
        && buffer[from + 2] == 't'
        && buffer[from + 3] == 'a'
        && buffer[from + 4] == ':';
  }

  private byte[] joined(byte[] before, int from, int to) throws IOException {
    if (before.length + to - from > limit) {
      throw new IOException("event longer than " + limit + " bytes");
    }
    var all = Arrays.copyOf(before, before.length + 1 + to - from);
    all[before.length] = '\n';
    System.arraycopy(buffer, from, all, before.length + 1, to - from);
    return all;
  }

  /** Where the line that begins here ends; negative if the stream ends before, or has no more. */
  private int newline() throws IOException {
    int i = at;
    while (true) {
      var bytes = buffer;
      for (int to = end; i < to; i++) {
        if (bytes[i] == '\n') {
          return i;
        }
      }
      i -= at;
      int n = more();
      if (n <= 0) {
        ended = n < 0;
        return -1;
      }
      i += at;
    }
  }

  private int more() throws IOException {
    if (end - at > limit) {
      throw new IOException("line longer than " + limit + " bytes");
    }
    var into = end - at > buffer.length / 2 ? new byte[buffer.length * 2] : buffer;
    System.arraycopy(buffer, at, into, 0, end - at);
    buffer = into;
    end -= at;
    at = 0;
    int n = in.read(buffer, end, buffer.length - end);
    end += Math.max(0, n);
    return n;
  }
}
