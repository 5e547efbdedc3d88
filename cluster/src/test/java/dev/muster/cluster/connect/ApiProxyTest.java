package dev.muster.cluster.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.muster.source.Proxies;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy that answers itself, for a server whose name nobody knows. */
class ApiProxyTest {
  private static final String SERVER = "http://api.muster.invalid:8080";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> passwords = new CopyOnWriteArrayList<>();
  private HttpServer proxy;
  private String address = "";

  @BeforeEach
  void serve() throws IOException {
    proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          passwords.add(
              Objects.toString(exchange.getRequestHeaders().getFirst("Proxy-Authorization")));
          byte[] version = "{\"major\": \"1\", \"minor\": \"30\"}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, version.length);
          exchange.getResponseBody().write(version);
          exchange.close();
        });
    proxy.start();
    address = "127.0.0.1:" + proxy.getAddress().getPort();
  }

  @AfterEach
  void end() {
    proxy.stop(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP_PROXY", "http_proxy"})
  void theApiServerIsAskedThroughTheProxy(String variable) {
    assertThat(minor(SERVER, Map.of(variable, address))).isEqualTo("30");
    assertThat(minor(SERVER, Map.of(variable, "http://" + address))).isEqualTo("30");
    assertThat(asked).hasSize(2).allMatch(uri -> uri.equals(SERVER + "/version"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"api.muster.invalid", "other.example, .muster.invalid", "muster.invalid", "*"})
  void exceptWhereItIsNamed(String without) {
    assertThat(minor(SERVER, Map.of("HTTP_PROXY", address, "NO_PROXY", without))).isNull();
    assertThat(asked).isEmpty();
  }

  @Test
  void norForThisMachineAndNetworks() {
    assertThat(minor("http://127.0.0.1:1", Map.of("HTTP_PROXY", address))).isNull();
    assertThat(minor("http://localhost:1", Map.of("HTTP_PROXY", address))).isNull();
    Map<String, String> networks = Map.of("HTTP_PROXY", address, "no_proxy", "192.0.2.0/24");
    assertThat(minor("http://192.0.2.7:1", networks)).isNull();
    assertThat(asked).isEmpty();
    assertThat(minor("http://198.51.100.7:1", networks)).isEqualTo("30");
  }

  @Test
  void aNameThatOnlyEndsLikeOneThatIsNamedIsAnother() {
    Map<String, String> environment =
        Map.of("HTTP_PROXY", address, "NO_PROXY", "muster.invalid,10.0.0.0/8");
    assertThat(minor("http://notmuster.invalid:8080", environment)).isEqualTo("30");
    assertThat(minor("http://10.muster.example:8080", environment)).isEqualTo("30");
  }

  @Test
  void theVariableForTlsIsItsOwn() {
    assertThat(minor(SERVER, Map.of("HTTPS_PROXY", address))).isNull();
    Config config =
        new ConfigBuilder(Config.empty()).withMasterUrl("https://api.muster.invalid").build();
    ApiProxy.set(config, new Proxies(Map.of("HTTPS_PROXY", "proxy.example")));
    assertThat(config.getHttpsProxy()).isEqualTo("http://proxy.example:80");
  }

  @Test
  void aPasswordIsForTheProxy() {
    assertThat(minor(SERVER, Map.of("HTTP_PROXY", "http://me:a%40b+c@" + address))).isEqualTo("30");
    assertThat(passwords).containsExactly("Basic bWU6YUBiK2M="); // me:a@b+c
  }

  @Test
  void whatIsNoProxyIsRefusedWithoutItsPassword() {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> minor(SERVER, Map.of("HTTP_PROXY", "socks5://me:secret@" + address)))
        .withMessageStartingWith("HTTP_PROXY is no proxy that Muster can use")
        .withMessageNotContaining("secret");
    assertThat(asked).isEmpty();
  }

  /** Null: nobody answers. */
  private static @Nullable String minor(String server, Map<String, String> environment) {
    Config config = new ConfigBuilder(Config.empty()).withMasterUrl(server).build();
    config.setRequestRetryBackoffLimit(0);
    config.setConnectionTimeout(500);
    ApiProxy.set(config, new Proxies(environment));
    try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
      return client.getKubernetesVersion().getMinor();
    } catch (KubernetesClientException e) {
      return null;
    }
  }
}
