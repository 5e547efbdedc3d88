package dev.muster.deepseek.wire.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeptCallsTest {
  private static final Duration CONNECT = Duration.ofMillis(200);

  private final KeptCalls calls = new KeptCalls(Duration.ofMinutes(1));
  private final List<Socket> accepted = new CopyOnWriteArrayList<>();
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              accepted.add(server.accept());
            }
          } catch (IOException e) {
            // the test is over, or wants nobody to listen
          }
        });
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    for (var socket : accepted) {
      socket.close();
    }
  }

  /** On the nth connection; the head of a request without a body is read before. */
  private Thread answers(int connection, String answer) {
    return Thread.ofVirtual()
        .start(() -> {
          await().until(() -> accepted.size() >= connection);
          try {
            var socket = accepted.get(connection - 1);
            var request = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            while (!request.readLine().isEmpty()) {
              // the rest of the head
            }
            socket.getOutputStream().write(answer.getBytes(UTF_8));
          } catch (IOException e) {
            // told by the assertions
          }
        });
  }

  private HttpCall ask(KeptCalls by, Duration patience) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    var to = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    return by.post(to, "/p", Map.of(), new byte[0], CONNECT, () -> end);
  }

  private void askOnce(KeptCalls by, int connection) throws Exception {
    var answering = answers(connection, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
    var call = ask(by, Duration.ofSeconds(20));
    assertThat(call.body().readAllBytes()).hasSize(1);
    by.release(call);
    answering.join();
  }

  @Test
  void theNextQuestionIsAskedOnTheSameConnection() throws Exception {
    for (int i = 0; i < 3; i++) {
      askOnce(calls, 1);
    }
    assertThat(accepted).hasSize(1);
  }

  @Test
  void oneWhoseAnswerIsNotReadIsClosed() throws Exception {
    answers(1, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
    calls.release(ask(calls, Duration.ofSeconds(20)));
    assertThat(accepted.getFirst().getInputStream().read()).isEqualTo(-1);
    askOnce(calls, 2);
  }

  @Test
  void oneThatTheServerClosedMeanwhileCostsASecondTry() throws Exception {
    askOnce(calls, 1);
    accepted.getFirst().close();
    askOnce(calls, 2);
  }

  @Test
  void oneThatEndsInsideItsAnswerIsNoReasonForASecondTry() throws Exception {
    askOnce(calls, 1);
    var answering = answers(1, "HTTP/1.1 200");
    var ending =
        Thread.ofVirtual()
            .start(() -> {
              try {
                answering.join();
                accepted.getFirst().close();
              } catch (IOException | InterruptedException e) {
                // told by the assertions
              }
            });
    assertThatThrownBy(() -> ask(calls, Duration.ofSeconds(20))).isInstanceOf(EOFException.class);
    ending.join();
    assertThat(accepted).hasSize(1);
  }

  /** As the thread of a client that left: its request must not be seen by a worker once more. */
  @Test
  void whoIsInterruptedAsksNoSecondTime() throws Exception {
    askOnce(calls, 1);
    var failed =
        new FutureTask<>(() -> {
          ask(calls, Duration.ofMinutes(1));
          return null;
        });
    var asking = Thread.ofVirtual().start(failed);
    var request = accepted.getFirst().getInputStream();
    assertThat(request.read()).isEqualTo('P');
    asking.interrupt();
    assertThatThrownBy(failed::get).hasCauseInstanceOf(IOException.class);
    try (var next = new Socket(server.getInetAddress(), server.getLocalPort())) {
      await().until(() -> accepted.size() > 1);
      assertThat(accepted.get(1).getPort())
          .as("the next to connect")
          .isEqualTo(next.getLocalPort());
    }
  }

  /** As one whose node has no power: it says nothing, and nobody can connect to it. */
  @Test
  void whoIsSilentAndCannotBeReachedIsKnownByTheConnectTimeout() throws Exception {
    askOnce(calls, 1);
    server.close();
    assertThatThrownBy(() -> ask(calls, Duration.ofMinutes(1)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("no other could be made");
  }

  @Test
  void whoIsSilentAndCanBeReachedIsWaitedFor() throws Exception {
    askOnce(calls, 1);
    assertThatThrownBy(() -> ask(calls, CONNECT.multipliedBy(5)))
        .isInstanceOf(SocketTimeoutException.class);
    await().untilAsserted(() -> assertThat(accepted).as("one beside it").hasSize(2));
  }

  @Test
  void whatIdlesForTooLongIsClosed() throws Exception {
    var brief = new KeptCalls(Duration.ofMillis(1));
    askOnce(brief, 1);
    assertThat(accepted.getFirst().getInputStream().read()).isEqualTo(-1);
    askOnce(brief, 2);
  }
}
