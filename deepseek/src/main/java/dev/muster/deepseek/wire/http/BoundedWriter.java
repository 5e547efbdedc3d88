package dev.muster.deepseek.wire.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Says when a write to a client begins and ends: a client that does not read blocks it for ever,
 * and a socket has no timeout for that. The web server writes the head of an answer, each part of
 * its body and its end by themselves, which is a system call and a packet each; what is written
 * {@link #together} is one of them. To be used by one thread at a time.
 */
final class BoundedWriter implements DataWriter {
  private static final int FIRST = 512;

  /** Copying more would cost more than a system call. */
  private static final int MOST = 16 * 1024;

  private final DataWriter own;
  private final ClientConnection client;
  private @Nullable ByteArrayOutputStream held;

  BoundedWriter(DataWriter own, ClientConnection client) {
    this.own = own;
    this.client = client;
  }

  /**
   * Sends what is written meanwhile at once, up to {@value #MOST} bytes; nothing, where that fails.
   */
  void together(Runnable writes) {
    if (held != null) {
      writes.run();
      return;
    }
    held = new ByteArrayOutputStream(FIRST);
    try {
      writes.run();
      release();
    } finally {
      held = null;
    }
  }

  private void release() {
    var all = held;
    held = null;
    if (all != null && all.size() > 0) {
      bounded(() -> own.writeNow(BufferData.create(all.toByteArray())));
    }
  }

  @Override
  public void write(BufferData... buffers) {
    writeNow(buffers);
  }

  @Override
  public void write(BufferData buffer) {
    writeNow(buffer);
  }

  @Override
  public void writeNow(BufferData... buffers) {
    if (held == null) {
      bounded(() -> own.writeNow(buffers));
    } else {
      for (var buffer : buffers) {
        writeNow(buffer);
      }
    }
  }

  @Override
  public void writeNow(BufferData buffer) {
    var together = held;
    if (together != null && together.size() + buffer.available() <= MOST) {
      buffer.writeTo(together); // a copy: who wrote it may use its bytes again
    } else {
      release();
      bounded(() -> own.writeNow(buffer));
    }
  }

  @Override
  public void flush() {
    bounded(own::flush);
  }

  @Override
  public void close() {
    own.close();
  }

  private void bounded(Runnable write) {
    client.writes();
    try {
      write.run();
    } finally {
      client.wrote();
    }
  }
}
