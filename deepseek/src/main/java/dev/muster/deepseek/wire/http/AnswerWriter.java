package dev.muster.deepseek.wire.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes answers to a client. The web server writes the head of an answer, each part of its body
 * and its end by themselves, which is a system call and a packet each; what is written {@link
 * #together} is one of them. To be used by one thread at a time.
 */
final class AnswerWriter implements DataWriter {
  private static final int FIRST = 512;

  /** Copying more would cost more than a system call. */
  private static final int MOST = 16 * 1024;

  private final Sink client;
  private @Nullable ByteArrayOutputStream held;

  /** Where bytes go. */
  interface Sink {
    void write(byte[] bytes, int offset, int length) throws IOException;
  }

  AnswerWriter(Sink client) {
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

  /** The same of bytes that are in the web server's form already; they may be used again. */
  void write(byte[] bytes, int offset, int length) throws IOException {
    var together = held;
    if (together != null && together.size() + length <= MOST) {
      together.write(bytes, offset, length);
    } else {
      release();
      client.write(bytes, offset, length);
    }
  }

  private void release() {
    var all = held;
    held = null;
    if (all != null && all.size() > 0) {
      send(all.toByteArray());
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
    together(() -> {
      for (var buffer : buffers) {
        writeNow(buffer);
      }
    });
  }

  @Override
  public void writeNow(BufferData buffer) {
    var together = held;
    if (together != null && together.size() + buffer.available() <= MOST) {
      buffer.writeTo(together); // a copy: who wrote it may use its bytes again
    } else {
      release();
      send(buffer.readBytes());
    }
  }

  private void send(byte[] bytes) {
    try {
      client.write(bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException("the client cannot be written to", e);
    }
  }
}
