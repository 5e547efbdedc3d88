package dev.muster.deepseek.wire.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EventSocketTest {
  /** More than the kernel keeps for who does not read. */
  private static final byte[] MUCH = new byte[16 << 20];

  private SocketChannel peer;
  private EventSocket socket;

  @BeforeEach
  void connect() throws IOException {
    try (var server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      peer = SocketChannel.open(server.getLocalAddress());
      socket = new EventSocket(server.accept());
    }
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
    socket.close();
  }

  private void says(String text) throws IOException {
    peer.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  private String read() throws IOException {
    var into = new byte[100];
    int n = socket.read(into, 0, into.length);
    return n < 0 ? "the end" : new String(into, 0, n, UTF_8);
  }

  /** What a thread of its own gets, once it waits. */
  private CompletableFuture<String> reading(AtomicReference<Thread> by) throws Exception {
    var result = new CompletableFuture<String>();
    by.set(
        Thread.ofVirtual()
            .start(() -> {
              try {
                result.complete(read());
              } catch (IOException e) {
                result.completeExceptionally(e);
              }
            }));
    while (by.get().getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return result;
  }

  @Test
  void aReadWaitsForBytesAndForTheEnd() throws Exception {
    var by = new AtomicReference<Thread>();
    for (var text : new String[] {"one", "two"}) {
      var got = reading(by);
      says(text);
      assertThat(got.get()).isEqualTo(text);
    }
    says("there already");
    assertThat(read()).isEqualTo("there already");
    var got = reading(by);
    peer.close();
    assertThat(got.get()).isEqualTo("the end");
  }

  @Test
  void whoWaitsIsToldThatItIsClosed() throws Exception {
    var got = reading(new AtomicReference<>());
    socket.close();
    assertThatThrownBy(got::get).hasCauseInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(this::read).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void anInterruptOfWhoWaitsClosesIt() throws Exception {
    var by = new AtomicReference<Thread>();
    var got = reading(by);
    by.get().interrupt();
    assertThatThrownBy(got::get).hasCauseInstanceOf(ClosedByInterruptException.class);
    assertThat(peer.read(ByteBuffer.allocate(1))).as("the end").isNegative();
  }

  @Test
  void aWriteWaitsForAPeerThatDoesNotRead() throws Exception {
    new java.util.Random(1).nextBytes(MUCH);
    var written = new CountDownLatch(1);
    var writer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                socket.write(MUCH, 0, MUCH.length);
                written.countDown();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    while (writer.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(written.getCount()).isOne();
    assertThat(all(MUCH.length)).isEqualTo(MUCH);
    assertThat(written.await(5, TimeUnit.SECONDS)).isTrue();
  }

  private byte[] all(int bytes) throws IOException {
    var all = ByteBuffer.allocate(bytes);
    while (all.hasRemaining() && peer.read(all) >= 0) {
      // the next
    }
    return Arrays.copyOf(all.array(), all.position());
  }

  @Test
  void onTheLoopNothingWaits() throws Exception {
    var sent = new CountDownLatch(1);
    socket.whenSent(sent::countDown);
    var stuck = new CompletableFuture<Boolean>();
    EventLoop.SHARED.execute(() -> {
      try {
        assertThat(socket.read(new byte[1], 0, 1)).as("nothing is there").isZero();
        socket.write(MUCH, 0, MUCH.length);
        socket.write("end".getBytes(UTF_8), 0, 3);
        stuck.complete(socket.stuck());
      } catch (IOException | AssertionError e) {
        stuck.completeExceptionally(e);
      }
    });
    assertThat(stuck.get()).isTrue();
    assertThat(sent.getCount()).isOne();
    all(MUCH.length);
    assertThat(all(3)).isEqualTo("end".getBytes(UTF_8));
    assertThat(sent.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(socket.stuck()).isFalse();
  }

  @Test
  void theLoopTellsOfBytesUntilTheyAreReadAndOfTheEnd() throws Exception {
    var told = new CompletableFuture<String>();
    var all = new StringBuilder();
    socket.whenReadable(() -> {
      try {
        var text = read();
        all.append(text).append('|');
        if (text.equals("the end")) {
          socket.whenReadable(null);
          told.complete(all.toString());
        }
      } catch (IOException e) {
        told.completeExceptionally(e);
      }
    });
    says("one");
    while (all.isEmpty()) {
      Thread.onSpinWait();
    }
    says("two");
    peer.shutdownOutput();
    assertThat(told.get()).matches("one\\|two\\|?the end\\|");
  }

  @Test
  void whoLooksIsToldThatItIsClosed() throws Exception {
    var told = new CountDownLatch(1);
    socket.whenReadable(told::countDown);
    socket.close();
    assertThat(told.await(5, TimeUnit.SECONDS)).isTrue();
    var late = new CountDownLatch(1);
    socket.whenReadable(late::countDown);
    assertThat(late.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aResetIsOneToThePeer() {
    socket.reset();
    assertThatThrownBy(() -> peer.read(ByteBuffer.allocate(1)))
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }
}
