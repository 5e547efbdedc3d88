package dev.muster.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
  private static @Nullable URI proxy(Map<String, String> environment, String uri) {
    return new Proxies(environment).of(URI.create(uri));
  }

  @Test
  void eachSchemeHasItsOwnAndUpperCaseComesFirst() {
    var both = Map.of("HTTPS_PROXY", "http://a:1", "http_proxy", "b:2", "https_proxy", "c:3");
    assertThat(proxy(both, "https://files.example.com/x")).hasToString("http://a:1");
    assertThat(proxy(both, "http://files.example.com/x")).hasToString("http://b:2");
    assertThat(proxy(Map.of("HTTPS_PROXY", ""), "https://files.example.com/x")).isNull();
    assertThat(proxy(Map.of(), "https://files.example.com/x")).isNull();
    assertThat(new Proxies(both).select(URI.create("https://files.example.com/x")))
        .containsExactly(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("a", 1)));
  }

  @Test
  void aProxyHasAPort() {
    assertThat(proxy(Map.of("HTTP_PROXY", "HTTP://me@p/"), "http://files.example.com/"))
        .hasToString("http://me@p:80");
    assertThat(proxy(Map.of("HTTP_PROXY", "[fd00::1]"), "http://files.example.com/"))
        .hasToString("http://[fd00::1]:80");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "files.example.com true",
        "example.com true",
        ".example.com true",
        "*.example.com true",
        "* true",
        "other.org,EXAMPLE.com true",
        "example.com:443 true",
        "example.com:444 false",
        "ample.com false",
        "les.example.com false",
        ".files.example.com false",
        "10.0.0.0/8 false",
        ", false"
      })
  void aNameIsAskedDirectly(String without, boolean direct) {
    var environment = Map.of("HTTPS_PROXY", "p:1", "no_proxy", without);
    assertThat(proxy(environment, "https://files.example.com/x") == null).isEqualTo(direct);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "10.0.0.0/8 http://10.1.2.3/ true",
        "10.0.0.0/15 http://10.1.2.3/ true",
        "10.0.0.0/16 http://10.1.2.3/ false",
        "10.1.2.3 http://10.1.2.3:8080/ true",
        "10.0.0.0/x http://10.1.2.3/ false",
        "10.0.0.0/40 http://10.1.2.3/ false",
        "fd00::/8 http://[fd00::1]:5000/ true",
        "fd00::1 http://[fd00::1]:5000/ true",
        "fd00::/8 http://10.1.2.3/ false"
      })
  void soIsAnAddress(String without, String uri, boolean direct) {
    var environment = Map.of("HTTP_PROXY", "p:1", "NO_PROXY", without);
    assertThat(proxy(environment, uri) == null).isEqualTo(direct);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:5000/", "http://127.0.0.2/", "http://[::1]:5000/"})
  void thisMachineIsNeverAskedThroughAProxy(String uri) {
    assertThat(proxy(Map.of("HTTP_PROXY", "http://p:1"), uri)).isNull();
  }

  @Test
  void aProgramIsToldWhatElseIsAskedDirectly() {
    assertThat(new Proxies(Map.of()).without(List.of("10.0.0.0/8", ".svc")))
        .containsOnly(
            Map.entry("NO_PROXY", "10.0.0.0/8,.svc"), Map.entry("no_proxy", "10.0.0.0/8,.svc"));
    assertThat(new Proxies(Map.of("no_proxy", "a.example")).without(List.of("b.example")))
        .containsOnly(
            Map.entry("NO_PROXY", "a.example,b.example"),
            Map.entry("no_proxy", "a.example,b.example"));
  }

  @Test
  void aPasswordIsForTheProxy() {
    var proxies = new Proxies(Map.of("HTTP_PROXY", "http://me:a%40b+c@p:1"));
    assertThat(proxies.authorization(URI.create("http://files.example.com/")))
        .isEqualTo("Basic bWU6YUBiK2M="); // me:a@b+c
    assertThat(proxies.authorization(URI.create("http://localhost/"))).isNull();
    assertThat(proxies.user("p", 1)).isEqualTo("me:a@b+c");
    assertThat(proxies.user("p", 2)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socks5://me:secret@p:1",
        "https://me:secret@p:1",
        "http://me:secret @",
        "http://me:secret@p:99999"
      })
  void whatIsNoProxyIsRefusedWithoutItsPassword(String value) {
    assertThatThrownBy(() -> proxy(Map.of("https_proxy", value), "https://files.example.com/"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HTTPS_PROXY is no proxy that Muster can use")
        .message()
        .doesNotContain("secret");
  }
}
