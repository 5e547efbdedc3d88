package dev.muster.load.http;

import java.net.URI;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where requests go.
 *
 * @param host name or address, without brackets
 * @param tls whom to trust; null for plain text
 */
public record Origin(String host, int port, @Nullable SSLContext tls) {

  /**
   * Of an http or https URL; its path and query do not matter.
   *
   * @throws IllegalArgumentException if it is neither or has no host
   */
  public static Origin of(URI url, SSLContext trust) {
    boolean tls = "https".equalsIgnoreCase(url.getScheme());
    if (url.getHost() == null || !(tls || "http".equalsIgnoreCase(url.getScheme()))) {
      throw new IllegalArgumentException(url + ": an http or https URL with a host is needed");
    }
    int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
    return new Origin(url.getHost().replaceAll("^\\[|]$", ""), port, tls ? trust : null);
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
