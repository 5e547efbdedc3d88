package dev.muster.lab.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Bytes from a network, with a limit to the time without any: reading ends by an error then, where
 * the stream underneath would wait forever.
 */
final class PatientStream extends FilterInputStream {
  private final Duration patience;
  private final Runnable release;
  private final Thread watch;
  private volatile long last = System.nanoTime();
  private volatile boolean waits;
  private volatile boolean givenUp;

  /**
   * @param release what is done when it is closed
   */
  PatientStream(InputStream in, Duration patience, Runnable release) {
    super(in);
    this.patience = patience;
    this.release = release;
    this.watch = Thread.ofVirtual().name("patience").start(this::watch);
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(patience.dividedBy(4));
        if (waits && System.nanoTime() - last > patience.toNanos()) {
          givenUp = true;
          in.close(); // which ends the read
          return;
        }
      }
    } catch (InterruptedException | IOException e) {
      // it was closed
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    last = System.nanoTime();
    waits = true;
    try {
      int count = in.read(buffer, offset, length);
      if (!givenUp) {
        return count;
      }
    } catch (IOException e) {
      if (!givenUp) {
        throw e;
      }
    } finally {
      waits = false;
    }
    throw new IOException("nothing came for " + patience.toSeconds() + " s");
  }

  @Override
  public void close() throws IOException {
    watch.interrupt();
    in.close();
    release.run();
  }
}
