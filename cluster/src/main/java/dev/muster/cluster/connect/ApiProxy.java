package dev.muster.cluster.connect;

import dev.muster.source.Proxies;
import io.fabric8.kubernetes.client.Config;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The proxy to an API server, as {@link Proxies} tells it. The library would read the variables
 * only where it finds a cluster by itself, and give their names and ranges a meaning of its own.
 */
final class ApiProxy {
  private ApiProxy() {}

  /**
   * @throws ClusterException if the environment names a proxy that cannot be used
   */
  static void set(Config config, Proxies proxies) {
    String proxy = url(proxies, URI.create(config.getMasterUrl()));
    config.setHttpsProxy(proxy);
    config.setHttpProxy(proxy);
    config.setNoProxy(null);
  }

  private static @Nullable String url(Proxies proxies, URI server) {
    try {
      URI proxy = proxies.of(server);
      return proxy == null ? null : proxy.toString();
    } catch (IllegalArgumentException e) {
      throw new ClusterException(String.valueOf(e.getMessage()));
    }
  }
}
