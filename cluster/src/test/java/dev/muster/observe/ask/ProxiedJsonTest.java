package dev.muster.observe.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.observe.ObservationException;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxiedJsonTest {
  private static final String BROKEN =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n";
  private static final String WHOLE =
      "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\n{\"a\":1}";

  @Test
  void anAnswerThatBreaksOffIsAskedForTwiceMore() throws IOException {
    try (ServerSocket server = answering(List.of(BROKEN, BROKEN, WHOLE));
        KubernetesClient client = client(server)) {
      assertThat(asked(client).get("/health", Map.of()).path("a").asInt()).isOne();
    }
  }

  @Test
  void oneThatBreaksOffThreeTimesIsNone() throws IOException {
    try (ServerSocket server = answering(List.of(BROKEN, BROKEN, BROKEN, WHOLE));
        KubernetesClient client = client(server)) {
      assertThatThrownBy(() -> asked(client).get("/health", Map.of()))
          .isInstanceOf(ObservationException.class)
          .hasMessageContaining("the API server did not answer");
    }
  }

  /** As of a pod on a node without power: the others are waiting. */
  @Test
  void oneThatDoesNotComeIsWaitedForOnce() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        KubernetesClient client = client(server)) {
      long begin = System.nanoTime();
      assertThatThrownBy(() -> asked(client, Duration.ofSeconds(1)).get("/health", Map.of()))
          .isInstanceOf(ObservationException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(1900));
    }
  }

  private static JsonApi asked(KubernetesClient client) {
    return asked(client, Duration.ofSeconds(10));
  }

  private static JsonApi asked(KubernetesClient client, Duration timeout) {
    return ProxiedJson.pod(client, "s", "etcd-1", 2379, timeout);
  }

  private static KubernetesClient client(ServerSocket server) {
    var config =
        new ConfigBuilder()
            .withMasterUrl("http://127.0.0.1:" + server.getLocalPort())
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** One answer for each connection, which it then closes. */
  private static ServerSocket answering(List<String> answers) throws IOException {
    var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          for (String answer : answers) {
            try (Socket socket = server.accept()) {
              var in =
                  new BufferedReader(
                      new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
              for (String line = in.readLine();
                  line != null && !line.isEmpty();
                  line = in.readLine()) {}
              socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
              return; // the test is over
            }
          }
        });
    return server;
  }
}
