package dev.muster.deepseek.wire.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * What an HTTP/1.1 server sends: lines, and bodies of three forms. One thread reads at a time.
 * Where its stream gives 0 bytes as nothing is there yet, a body does so too, and goes on where it
 * was.
 */
final class HttpInput {
  private static final int MAX_LINE = 16 * 1024;

  private final InputStream in;
  private byte[] buffer = new byte[8 * 1024];
  private int at;
  private int end;

  HttpInput(InputStream in) {
    this.in = in;
  }

  /** A line without its end, which is waited for. */
  String line() throws IOException {
    int newline = newline(at);
    while (newline < 0) {
      int seen = end - at;
      if (fill() < 0) {
        throw new EOFException("connection closed by the server");
      }
      newline = newline(at + seen);
    }
    int to = newline > at && buffer[newline - 1] == '\r' ? newline - 1 : newline;
    var line = new String(buffer, at, to - at, StandardCharsets.ISO_8859_1);
    at = newline + 1;
    return line;
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

  /** Reads behind what is not taken yet; negative at the end of the connection. */
  private int fill() throws IOException {
    if (end - at > MAX_LINE) {
      throw new IOException("line longer than " + MAX_LINE + " bytes");
    }
    var into = end - at > buffer.length / 2 ? new byte[2 * buffer.length] : buffer;
    System.arraycopy(buffer, at, into, 0, end - at);
    buffer = into;
    end -= at;
    at = 0;
    int n = in.read(buffer, end, buffer.length - end);
    end += Math.max(0, n);
    return n;
  }

  /** Moves what the buffer has, or what comes next if it is empty; negative at the end. */
  private int take(byte[] into, int offset, long most) throws IOException {
    int there = at < end ? end - at : fill();
    int n = (int) Math.min(most, there);
    if (n > 0) {
      System.arraycopy(buffer, at, into, offset, n);
      at += n;
    }
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
    private boolean inside; // the line end after a chunk's bytes is to come
    private boolean trailers;
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
      while (n < length && !done) {
        int part;
        if (left > 0) {
          part = n > 0 && at == end ? 0 : take(into, offset + n, Math.min(length - n, left));
          left -= Math.max(0, part);
          n += Math.max(0, part);
        } else if (lines()) {
          next();
          continue;
        } else {
          part = n > 0 ? 0 : fill();
        }
        if (part < 0) {
          throw new EOFException("connection closed inside a chunked body");
        }
        if (part == 0) {
          return n;
        }
      }
      return n == 0 && done ? -1 : n;
    }

    /** Whether all lines are here that come before the next bytes. */
    private boolean lines() {
      int first = newline(at);
      return first >= 0 && (!inside || newline(first + 1) >= 0);
    }

    private void next() throws IOException {
      if (inside) {
        at = newline(at) + 1;
        inside = false;
      }
      if (trailers) {
        done = line().isEmpty();
        return;
      }
      left = size();
      inside = left > 0;
      trailers = left == 0;
      done = trailers && !whole;
    }

    /** In hexadecimal digits, as a line with perhaps more behind a semicolon. */
    private long size() throws IOException {
      int digits = 0;
      long size = 0;
      int value;
      while ((value = Character.digit(buffer[at + digits], 16)) >= 0 && digits < 15) {
        size = 16 * size + value;
        digits++;
      }
      var behind = buffer[at + digits];
      if (digits == 0 || !(behind == '\r' || behind == '\n' || behind == ';' || behind == ' ')) {
        throw new IOException("bad chunk size: " + line());
      }
      at = newline(at) + 1;
      return size;
    }
  }
}
