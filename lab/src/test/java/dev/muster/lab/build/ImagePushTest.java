package dev.muster.lab.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.lab.host.Command;
import dev.muster.lab.host.Digests;
import dev.muster.lab.host.LabException;
import dev.muster.lab.host.WrongLabException;
import dev.muster.lab.node.Image;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A proxy that wants a password, and leads nowhere, for a registry whose name nobody knows. */
@Timeout(60)
class ImagePushTest {
  private static final String REGISTRY = "registry.invalid/drills";

  @TempDir Path folder;

  /** Each request's first line, and the password that came with it. */
  private final List<String> asked = new CopyOnWriteArrayList<>();

  @SuppressWarnings("NullAway.Init") // opened before each test
  private ServerSocket proxy;

  @BeforeEach
  void serve() throws IOException {
    proxy = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          while (!proxy.isClosed()) {
            answer();
          }
        });
  }

  @AfterEach
  void end() throws IOException {
    proxy.close();
  }

  private void answer() {
    try (var socket = proxy.accept();
        var lines =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      List<String> head = lines.lines().takeWhile(line -> !line.isEmpty()).toList();
      String password =
          head.stream()
              .filter(line -> line.startsWith("Proxy-Authorization: "))
              .findFirst()
              .orElse("nobody");
      asked.add(head.getFirst() + " " + password);
      String answer =
          password.equals("nobody")
              ? "407 Who\r\nProxy-Authenticate: Basic realm=\"p\"\r\nConnection: close"
              : "502 No";
      socket
          .getOutputStream()
          .write(
              ("HTTP/1.1 " + answer + "\r\nContent-Length: 0\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // the next one, or the end
    }
  }

  @Test
  void theRegistryIsAskedThroughTheProxyOfTheEnvironment() throws IOException {
    ProxySelector selector = ProxySelector.getDefault();
    Authenticator authenticator = Authenticator.getDefault();
    String secret = "http://me:a%40b+c@127.0.0.1:" + proxy.getLocalPort();
    assertThatThrownBy(() -> push(Map.of("https_proxy", secret)))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("can not push muster.dev/x:1 to registry.invalid/drills")
        .message()
        .doesNotContain("a@b", "a%40b");
    assertThat(asked)
        .startsWith("CONNECT registry.invalid:443 HTTP/1.1 nobody")
        .contains( // me:a@b+c
            "CONNECT registry.invalid:443 HTTP/1.1 Proxy-Authorization: Basic bWU6YUBiK2M=");
    assertThat(ProxySelector.getDefault()).isSameAs(selector);
    assertThat(Authenticator.getDefault()).isSameAs(authenticator);
  }

  @Test
  void whatIsNoProxyIsRefusedWithoutItsPassword() {
    assertThatThrownBy(() -> push(Map.of("HTTPS_PROXY", "socks5://me:secret@127.0.0.1:1")))
        .isInstanceOf(WrongLabException.class)
        .hasMessageStartingWith("HTTPS_PROXY is no proxy that Muster can use")
        .message()
        .doesNotContain("secret");
  }

  @Test
  void whatTheEnvironmentHoldsIsNotTold() {
    var push = new ImagePush(REGISTRY, false, Map.of("HTTPS_PROXY", "http://me:secret@p:1"));
    assertThat(push).hasToString(REGISTRY);
  }

  private void push(Map<String, String> environment) throws IOException {
    new ImagePush(REGISTRY, false, environment).push(image(folder));
  }

  /** With a base layer as mmdebstrap makes it, which begins with the folder itself. */
  static Image image(Path folder) throws IOException {
    Path root = Files.createDirectories(folder.resolve("root"));
    Files.writeString(root.resolve("os-release"), "ID=test\n");
    Path base = folder.resolve("base.tar");
    Command.run("tar", "-cf", base.toString(), "-C", root.toString(), ".");
    Path program = Files.writeString(folder.resolve("program"), "content");
    Path archive = folder.resolve("x.tar");
    new Archive(folder)
        .write(
            archive,
            new Images.Definition(
                "muster.dev/x:1", "b", null, Map.of(), List.of("/bin/program"), null),
            base,
            List.of(Map.entry(program, "/bin/program")));
    return new Image("muster.dev/x:1", archive, Objects.requireNonNull(Digests.file(archive)));
  }
}
