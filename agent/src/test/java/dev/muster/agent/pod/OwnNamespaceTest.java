package dev.muster.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that answers as the API server does; TLS is the lab's to test. */
class OwnNamespaceTest {
  @TempDir Path account;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private HttpServer server;
  private OwnNamespace namespace;

  @BeforeEach
  void up() throws IOException {
    Files.writeString(account.resolve("token"), "first\n");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] body = "{\"kind\":\"Namespace\"}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    namespace =
        new OwnNamespace(
            HttpClient.newHttpClient(),
            URI.create(
                "http://127.0.0.1:"
                    + server.getAddress().getPort()
                    + "/api/v1/namespaces/muster-r"),
            account);
  }

  @AfterEach
  void down() {
    namespace.close();
    server.stop(0);
  }

  @Test
  void itIsReadAndDeletedWithTheTokenOfTheMoment() throws Exception {
    assertThat(namespace.read()).isEqualTo("{\"kind\":\"Namespace\"}");
    Files.writeString(account.resolve("token"), "second\n");
    namespace.delete();
    assertThat(asked)
        .containsExactly(
            "GET /api/v1/namespaces/muster-r Bearer first",
            "DELETE /api/v1/namespaces/muster-r Bearer second");
  }

  @Test
  void oneThatGoesAlreadyIsDeletedAndAnotherAnswerIsAFailure() throws Exception {
    status = 409;
    namespace.delete();
    status = 404;
    namespace.delete();
    status = 403;
    assertThatThrownBy(namespace::delete)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("403");
    assertThatThrownBy(namespace::read).isInstanceOf(IOException.class).hasMessageContaining("403");
  }
}
