package dev.muster.lab.bundle;

import dev.muster.drill.port.Progress;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** How much of a known number of bytes is done: a line for each tenth. */
final class Share {
  private static final int BUFFER = 1 << 16;
  private static final long MEGA = 1_000_000;

  private final String deed;
  private final long total;
  private final Progress progress;
  private final byte[] buffer = new byte[BUFFER];
  private long done;
  private long told;

  Share(String deed, long total, Progress progress) {
    this.deed = deed;
    this.total = total;
    this.progress = progress;
  }

  /**
   * Copies as many bytes.
   *
   * @throws EOFException where there are fewer
   */
  void copy(InputStream in, OutputStream out, long bytes) throws IOException {
    for (long left = bytes; left > 0; ) {
      int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new EOFException("it ends " + left + " bytes too early");
      }
      out.write(buffer, 0, count);
      left -= count;
      done += count;
      if (done * 10 / total > told) {
        told = done * 10 / total;
        progress.say("%s: %d of %d MB".formatted(deed, done / MEGA, total / MEGA));
      }
    }
  }
}
