package dev.muster.deepseek.wire.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** What an HTTP/1.1 server sends: lines, and bodies of three forms. One thread reads. */
final class HttpInput {
  private static final int MAX_LINE = 16 * 1024;

  private final InputStream in;
  private final byte[] buffer = new byte[8 * 1024];
  private int at;
  private int end;

  HttpInput(InputStream in) {
    this.in = in;
  }

  /** A line without its end. */
  String line() throws IOException {
    var line = "";
    while (true) {
      int newline = newline(at);
      int to = newline < 0 ? end : newline;
      if (line.length() + to - at > MAX_LINE) {
        throw new IOException("line longer than " + MAX_LINE + " bytes");
      }
      line += new String(buffer, at, to - at, StandardCharsets.ISO_8859_1);
      at = newline < 0 ? end : newline + 1;
      if (newline >= 0) {
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      }
      if (!fill()) {
        throw new EOFException("connection closed by the server");
      }
    }
  }

  /** Whether all that came is read. */
  boolean empty() {
    return at == end;
  }

  Body untilClosed() {
    return new UntilClosed();
  }

  Body fixed(long length) {
    return new Fixed(length);
  }

  /**
   * @param whole whether the blank line after the last chunk is read too, as another answer follows
   */
  Body chunked(boolean whole) {
    return new Chunked(whole);
  }

  private int newline(int from) {
    for (int i = from; i < end; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** Reads into the empty buffer; false at the end of the connection. */
  private boolean fill() throws IOException {
    int n = in.read(buffer, 0, buffer.length);
    at = 0;
    end = Math.max(0, n);
    return n > 0;
  }

  /** Moves what the buffer has, or what comes next if it is empty; negative at the end. */
  private int take(byte[] into, int offset, long most) throws IOException {
    if (at == end && !fill()) {
      return -1;
    }
    int n = (int) Math.min(most, end - at);
    System.arraycopy(buffer, at, into, offset, n);
    at += n;
    return n;
  }

  /** A body out of its form. */
  abstract static class Body extends InputStream {
    /** Whether all of it is read. */
    abstract boolean complete();

    @Override
    public abstract int read(byte[] into, int offset, int length) throws IOException;

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }
  }

  private final class UntilClosed extends Body {
    @Override
    boolean complete() {
      return false;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return take(into, offset, length);
    }
  }

  /** A body of known length; ending before it is an error. */
  private final class Fixed extends Body {
    private long left;

    Fixed(long length) {
      left = length;
    }

    @Override
    boolean complete() {
      return left == 0;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      var n = take(into, offset, Math.min(length, left));
      if (n < 0) {
        throw new EOFException("connection closed inside the body");
      }
      left -= n;
      return n;
    }
  }

  /**
   * A chunked body; ending before the last chunk is an error. A read gets all chunks that are here.
   */
  private final class Chunked extends Body {
    private final boolean whole;
    private long left;
    private boolean begun;
    private boolean done;

    Chunked(boolean whole) {
      this.whole = whole;
    }

    @Override
    boolean complete() {
      return done;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int n = 0;
      while (n < length && !done && (n == 0 || here())) {
        if (left == 0) {
          nextChunk();
        } else {
          var part = take(into, offset + n, Math.min(length - n, left));
          if (part < 0) {
            throw new EOFException("connection closed inside a chunk");
          }
          n += part;
          left -= part;
        }
      }
      return n == 0 && done ? -1 : n;
    }

    /** Whether nothing need be waited for: data, or the two lines before it. */
    private boolean here() {
      if (left > 0) {
        return at < end;
      }
      int first = newline(at);
      return first >= 0 && newline(first + 1) >= 0;
    }

    private void nextChunk() throws IOException {
      if (begun) {
        line();
      }
      begun = true;
      var size = line();
      var mark = size.indexOf(';');
      try {
        left = Long.parseLong((mark < 0 ? size : size.substring(0, mark)).strip(), 16);
      } catch (NumberFormatException e) {
        throw new IOException("bad chunk size: " + size, e);
      }
      if (left == 0) {
        done = true;
        while (whole && !line().isEmpty()) {
          // trailers, up to their blank line
        }
      }
    }
  }
}
