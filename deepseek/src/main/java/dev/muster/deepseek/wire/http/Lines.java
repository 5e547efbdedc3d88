package dev.muster.deepseek.wire.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lines of a stream, as they come: a reader of characters would wait to fill its buffer. */
public final class Lines {
  private final InputStream in;
  private final byte[] buffer = new byte[4096];
  private int at;
  private int end;
  private final int limit;

  /**
   * @param limit longest line in bytes
   */
  public Lines(InputStream in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  /** The next terminated line without its end; null at the end, where a rest is dropped. */
  public @Nullable String next() throws IOException {
    @Nullable ByteArrayOutputStream long_ = null;
    while (true) {
      for (int i = at; i < end; i++) {
        if (buffer[i] == '\n') {
          var part = take(i);
          return text(long_, part);
        }
      }
      if (end > at) {
        long_ = long_ == null ? new ByteArrayOutputStream() : long_;
        long_.write(buffer, at, end - at);
        if (long_.size() > limit) {
          throw new IOException("line longer than " + limit + " bytes");
        }
      }
      at = 0;
      end = Math.max(0, in.read(buffer, 0, buffer.length));
      if (end == 0) {
        return null;
      }
    }
  }

  private byte[] take(int newline) {
    var part = java.util.Arrays.copyOfRange(buffer, at, newline);
    at = newline + 1;
    return part;
  }

  private static String text(@Nullable ByteArrayOutputStream before, byte[] part) {
    byte[] all = part;
    if (before != null) {
      before.writeBytes(part);
      all = before.toByteArray();
    }
    var length = all.length > 0 && all[all.length - 1] == '\r' ? all.length - 1 : all.length;
    return new String(all, 0, length, StandardCharsets.UTF_8);
  }
}
