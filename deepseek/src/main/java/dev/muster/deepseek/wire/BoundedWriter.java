package dev.muster.deepseek.wire;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;

/**
 * Says when a write to a client begins and ends: a client that does not read blocks it for ever,
 * and a socket has no timeout for that.
 */
record BoundedWriter(DataWriter own, ClientConnection client) implements DataWriter {

  @Override
  public void write(BufferData... buffers) {
    bounded(() -> own.write(buffers));
  }

  @Override
  public void write(BufferData buffer) {
    bounded(() -> own.write(buffer));
  }

  @Override
  public void writeNow(BufferData... buffers) {
    bounded(() -> own.writeNow(buffers));
  }

  @Override
  public void writeNow(BufferData buffer) {
    bounded(() -> own.writeNow(buffer));
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
