package dev.muster.cluster.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of servers that do not answer as a Kubernetes does. */
class ConnectionTest {
  private static final String VERSION = "{\"major\": \"1\", \"minor\": \"30+\"}";

  @TempDir Path folder;
  private final List<String> tokens = new ArrayList<>();
  private HttpServer server;
  private int code = 200;
  private String body = VERSION;

  ConnectionTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void serve() {
    server.createContext(
        "/",
        exchange -> {
          tokens.add(Objects.toString(exchange.getRequestHeaders().getFirst("Authorization")));
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private Path file(String url, String user) throws IOException {
    return Files.writeString(
        folder.resolve("k"),
        """
        current-context: c
        contexts: [{name: c, context: {cluster: k, user: u}}]
        clusters: [{name: k, cluster: {server: "%s"}}]
        users: [{name: u, user: {%s}}]
        """
            .formatted(url, user));
  }

  private void refused(Path file, String message) {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> Connection.probe(file, null).close())
        .withMessage(message.replace("URL", url()).replace("FILE", file.toString()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          401 | {"kind": "Status", "message": "Unauthorized"} | the cluster at URL refuses user u (401 Unauthorized): renew the credentials of FILE
          403 | {"kind": "Status", "message": "u can not get path /version"} | the cluster at URL does not tell user u its version (403 u can not get path /version): ClusterRole system:public-info-viewer allows it
          500 | {"kind": "Status", "message": "etcd down"} | the cluster at URL answers with an error (500 etcd down): try again, or see its API server's log
          503 | <html>sorry</html> | the cluster at URL answers with an error (503 Service Unavailable): try again, or see its API server's log
          400 | this is TLS | what answers at URL is no Kubernetes API (400 Bad Request)
          404 | no page | what answers at URL is no Kubernetes API
          200 | <html>login</html> | what answers at URL is no Kubernetes API
          200 | <html lang="en"><title>a: b</title> | what answers at URL is no Kubernetes API
          200 | [1] | what answers at URL is no Kubernetes API
          200 | {} | what answers at URL is no Kubernetes API
          200 | {"minor": "25"} | Kubernetes 1.25 is older than 1.26
          """)
  void anAnswerThatIsNotAsExpected(int status, String text, String message) throws IOException {
    code = status;
    body = text;
    refused(file(url(), "token: t"), message);
  }

  @Test
  void nobodyListens() throws IOException {
    refused(
        file("https://127.0.0.1:1", "token: t"),
        "can not reach the cluster at https://127.0.0.1:1: nobody listens there");
    refused(
        file("https://no-such-host.invalid:6443", "token: t"),
        "can not reach the cluster at https://no-such-host.invalid:6443: the host's name is not known");
  }

  @Test
  void aTokenInAFileIsReadEachTime() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "one\n");
    try (var client = Connection.probe(file(url(), "tokenFile: token"), null)) {
      Files.writeString(token, "two\n");
      client.getKubernetesVersion();
    }
    assertThat(tokens).containsExactly("Bearer one", "Bearer two");
  }

  @Test
  void aProgramThatGivesNoCredentials() throws IOException {
    refused(
        file(url(), "exec: {apiVersion: client.authentication.k8s.io/v1, command: 'false'}"),
        "FILE: the program false of user u ended with exit code 1; run it by hand to see why");
    assertThat(tokens).isEmpty();
  }

  @Test
  void aProgramGivesTheTokenAndNoShellSeesItsArguments() throws IOException {
    Path touched = folder.resolve("touched");
    Path program =
        Files.writeString(
            folder.resolve("plugin"),
            """
            #!/bin/sh
            printf '%s\\n' "$@" >"$0.args"
            echo '{"kind": "ExecCredential", "status": {"token": "from-program"}}'
            """);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    String args = "['; touch %s', '$HOME', '*', 'a b', '`id`']".formatted(touched);
    Path file =
        file(
            url(),
            "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, args: %s}"
                .formatted(args));
    Connection.probe(file, null).close();
    assertThat(tokens).containsExactly("Bearer from-program");
    assertThat(Files.readAllLines(folder.resolve("plugin.args")))
        .containsExactly("; touch " + touched, "$HOME", "*", "a b", "`id`");
    assertThat(touched).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "proxy-url, http://127.0.0.1:1",
    "proxy-url, socks5://127.0.0.1:1",
    "tls-server-name, other.example"
  })
  void nothingIsSentWhereTheServerWouldBeAnother(String field, String value) throws IOException {
    Path file = file(url(), "token: t");
    Files.writeString(
        file, Files.readString(file).replace("server:", field + ": \"" + value + "\", server:"));
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> Connection.probe(file, null).close())
        .withMessageStartingWith(file + ": " + field + " of cluster k is not honoured");
    assertThat(tokens).isEmpty();
  }

  @Test
  void nothingIsSentWhereTheUserWouldBeAnother() throws IOException {
    Path file = file(url(), "token: t, as: admin, as-groups: ['system:masters']");
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> Connection.open(file, null).close())
        .withMessageStartingWith(file + ": as of user u is not honoured");
    assertThat(tokens).isEmpty();
  }

  @Test
  void aKeyThatIsBroken() throws IOException {
    Files.writeString(folder.resolve("cert"), "-----BEGIN CERTIFICATE-----\n");
    Files.writeString(folder.resolve("key"), "-----BEGIN PRIVATE KEY-----\n");
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() ->
            Connection.probe(file(url(), "client-certificate: cert, client-key: key"), null)
                .close())
        .withMessageContaining("a certificate or a key of context c can not be used: ");
  }
}
