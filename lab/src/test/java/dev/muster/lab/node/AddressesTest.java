package dev.muster.lab.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.source.Proxies;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
  private static final Map<String, String> USER =
      Map.of("HTTPS_PROXY", "http://proxy:3128", "no_proxy", "a.example");

  @ParameterizedTest
  @ValueSource(ints = {0, 99})
  void aLabIsAskedWithoutAProxy(int index) {
    Addresses at = new Addresses("a", index);
    assertThat(direct(at.api())).isTrue();
    for (String host :
        new String[] {
          at.fabric(),
          at.host(),
          at.node(9),
          at.pods(9).replace("/24", ""),
          Addresses.DNS,
          Addresses.KUBERNETES_SERVICE,
          "kubernetes.default.svc",
          "kubernetes.default.svc.cluster.local"
        }) {
      assertThat(direct("https://" + host)).as(host).isTrue();
    }
  }

  @Test
  void allElseIsAskedAsTheUserHasIt() {
    assertThat(direct("https://a.example")).isTrue();
    assertThat(direct("https://b.example")).isFalse();
    assertThat(direct("https://10.241.0.1")).isFalse();
  }

  /** With what a program of a lab finds in its environment. */
  private static boolean direct(String url) {
    Map<String, String> environment = new HashMap<>(USER);
    environment.putAll(Addresses.withoutProxy(USER));
    return new Proxies(environment).of(URI.create(url)) == null;
  }
}
