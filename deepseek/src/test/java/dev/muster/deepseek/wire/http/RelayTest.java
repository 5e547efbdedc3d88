package dev.muster.deepseek.wire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.common.socket.SocketOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RelayTest {
  /** More than the kernel keeps for who does not read. */
  private static final long MUCH = 32 << 20;

  private final AtomicLong relayed = new AtomicLong();
  private final AtomicInteger wentOn = new AtomicInteger();
  private final byte[] part = new byte[8192];
  private SocketChannel worker;
  private SocketChannel reader;
  private EventSocket from;
  private ClientConnection client;

  @BeforeEach
  void connect() throws IOException {
    try (var server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      worker = SocketChannel.open(server.getLocalAddress());
      from = new EventSocket(server.accept());
      reader = SocketChannel.open(server.getLocalAddress());
      var second = Duration.ofSeconds(1);
      client =
          new ClientConnection(
              new EventSocket(server.accept()),
              new ClientConnections(
                  new Server.Limits(1, second, second),
                  new AcceptedSockets(SocketOptions.create()),
                  System::nanoTime),
              0);
    }
  }

  @AfterEach
  void close() throws IOException {
    worker.close();
    reader.close();
    from.close();
    client.close();
  }

  private boolean step() throws IOException {
    int n = from.read(part, 0, part.length);
    if (n > 0) {
      client.write(part, 0, n);
      relayed.addAndGet(n);
    }
    return n < 0;
  }

  private CompletableFuture<String> relaying() {
    var over = new CompletableFuture<String>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            new Relay(from, client, this::step, wentOn::incrementAndGet).run();
            over.complete("over");
          } catch (IOException e) {
            over.completeExceptionally(e);
          }
        });
    Thread.ofVirtual()
        .start(() -> {
          var much = ByteBuffer.allocate(1 << 16);
          try {
            for (long left = MUCH; left > 0; ) {
              left -= worker.write(much.clear());
            }
            worker.shutdownOutput();
          } catch (IOException e) {
            // the test is over
          }
        });
    return over;
  }

  private long onceTheLoopIsIdle() throws Exception {
    var bytes = new CompletableFuture<Long>();
    EventLoop.SHARED.execute(() -> bytes.complete(relayed.get()));
    return bytes.get();
  }

  @Test
  void aClientThatDoesNotReadHoldsUpItsAnswerUntilItDoes() throws Exception {
    var over = relaying();
    while (!client.stuck()) {
      Thread.onSpinWait();
    }
    long held = onceTheLoopIsIdle();
    assertThat(held).isLessThan(MUCH);
    assertThat(onceTheLoopIsIdle()).as("nothing more is read").isEqualTo(held);
    assertThat(wentOn).hasValue(0);

    var all = ByteBuffer.allocate(1 << 16);
    long read = 0;
    while (read < MUCH) {
      read += reader.read(all.clear());
    }
    assertThat(over.get()).isEqualTo("over");
    assertThat(relayed).hasValueGreaterThanOrEqualTo(MUCH);
    assertThat(wentOn).hasPositiveValue();
  }

  @Test
  void aClientThatIsGoneEndsWhatItHeldUp() throws InterruptedException {
    var over = relaying();
    while (!client.stuck()) {
      Thread.onSpinWait();
    }
    client.close();
    assertThatThrownBy(over::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(ClosedChannelException.class);
  }
}
