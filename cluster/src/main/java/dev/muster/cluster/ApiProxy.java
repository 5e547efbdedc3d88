package dev.muster.cluster;

import io.fabric8.kubernetes.client.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The proxy to an API server, as kubectl takes it from {@code HTTPS_PROXY}, {@code HTTP_PROXY} and
 * {@code NO_PROXY}, upper case first. The library reads them only where it finds a cluster by
 * itself.
 */
final class ApiProxy {
  /** What Go's programs never ask a proxy for. */
  private static final List<String> THIS_MACHINE = List.of("localhost", "127.0.0.0/8", "::1");

  private ApiProxy() {}

  static void set(Config config, Map<String, String> environment) {
    List<String> without = new ArrayList<>(THIS_MACHINE);
    String named = value(environment, "NO_PROXY");
    if (named != null) {
      for (String entry : named.split(",", -1)) {
        if (entry.strip().equals("*")) {
          return;
        }
        if (!entry.isBlank()) {
          without.add(entry.strip());
        }
      }
    }
    config.setHttpsProxy(url(value(environment, "HTTPS_PROXY")));
    config.setHttpProxy(url(value(environment, "HTTP_PROXY")));
    config.setNoProxy(without.toArray(String[]::new));
  }

  private static @Nullable String value(Map<String, String> environment, String name) {
    for (String variable : List.of(name, name.toLowerCase(java.util.Locale.ROOT))) {
      String value = environment.get(variable);
      if (value != null && !value.isBlank()) {
        return value.strip();
      }
    }
    return null;
  }

  private static @Nullable String url(@Nullable String proxy) {
    return proxy == null || proxy.contains("://") ? proxy : "http://" + proxy;
  }
}
