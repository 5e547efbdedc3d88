package dev.muster.deepseek.wire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BoundedWriterTest {
  private final List<String> sent = new ArrayList<>();
  private final BoundedWriter writer = new BoundedWriter(new Sent(), client());

  /** What goes to the socket, a text for each write. */
  private final class Sent implements DataWriter {
    @Override
    public void write(BufferData... buffers) {
      throw new AssertionError("not at once");
    }

    @Override
    public void write(BufferData buffer) {
      throw new AssertionError("not at once");
    }

    @Override
    public void writeNow(BufferData... buffers) {
      sent.add(
          Arrays.stream(buffers)
              .map(buffer -> buffer.readString(buffer.available()))
              .collect(Collectors.joining()));
    }

    @Override
    public void writeNow(BufferData buffer) {
      sent.add(buffer.readString(buffer.available()));
    }
  }

  private static ClientConnection client() {
    var sockets = new AcceptedSockets(io.helidon.common.socket.SocketOptions.create());
    var all = new ClientConnections(new Server.Limits(1, ONE, ONE), sockets, System::nanoTime);
    var socket =
        (HelidonSocket)
            Proxy.newProxyInstance(
                BoundedWriterTest.class.getClassLoader(),
                new Class<?>[] {HelidonSocket.class},
                (_, method, _) -> {
                  throw new AssertionError(method);
                });
    return new ClientConnection(socket, null, all, 0);
  }

  private static final Duration ONE = Duration.ofSeconds(1);

  private static BufferData text(String text) {
    return BufferData.create(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void eachWriteIsSentByItself() {
    writer.write(text("a"));
    writer.write(text("b"), text("c"));
    assertThat(sent).containsExactly("a", "bc");
  }

  @Test
  void whatIsWrittenTogetherIsSentAtOnce() {
    writer.together(() -> {
      writer.write(text("head "));
      writer.together(() -> writer.writeNow(text("part ")));
      writer.writeNow(text("e"), text("nd"));
      assertThat(sent).isEmpty();
    });
    writer.write(text("next"));
    assertThat(sent).containsExactly("head part end", "next");
  }

  @Test
  void bytesThatAreUsedAgainAreSentAsTheyWere() {
    var bytes = "first".getBytes(StandardCharsets.UTF_8);
    writer.together(() -> {
      writer.write(BufferData.create(bytes));
      System.arraycopy("other".getBytes(StandardCharsets.UTF_8), 0, bytes, 0, 5);
    });
    assertThat(sent).containsExactly("first");
  }

  @Test
  void moreThanIsWorthACopyIsSentInOrder() {
    var much = "x".repeat(20_000);
    writer.together(() -> {
      writer.write(text("head"));
      writer.write(text(much));
      writer.write(text("end"));
    });
    assertThat(sent).containsExactly("head", much, "end");
  }

  @Test
  void ofWhatFailsNothingIsSent() {
    assertThatThrownBy(() ->
            writer.together(() -> {
              writer.write(text("head"));
              throw new IllegalStateException("no");
            }))
        .hasMessage("no");
    writer.write(text("next"));
    assertThat(sent).containsExactly("next");
  }
}
