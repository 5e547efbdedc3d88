package dev.muster.source;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that an environment names: {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code
 * NO_PROXY}, or the same in lower case, with the meaning that they have for Go's programs: upper
 * case comes first, and this machine itself is never asked through a proxy. Java by itself reads
 * none of them. Nothing is asked here, not even for the address of a name. Safe for several
 * threads.
 */
public final class Proxies extends ProxySelector {
  private static final int LAST_PORT = 65_535;
  private static final Pattern WITH_PORT = Pattern.compile("(\\[.*]|[^:]+):(\\d+)");

  private final Map<String, String> environment;

  public Proxies(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * Where the proxy for that address is, with its port, and the user and password that it wants if
   * it wants some; null if the address is asked directly.
   *
   * @throws IllegalArgumentException if the variable holds something else than a proxy's address;
   *     the message is for the user, and without a password
   */
  public @Nullable URI of(URI uri) {
    String variable = "https".equals(uri.getScheme()) ? "HTTPS_PROXY" : "HTTP_PROXY";
    String host = uri.getHost();
    return host == null || direct(bare(host), port(uri)) ? null : proxy(variable);
  }

  private @Nullable URI proxy(String variable) {
    String value = value(variable);
    if (value.isEmpty()) {
      return null;
    }
    try {
      URI proxy = new URI(value.contains("://") ? value : "http://" + value);
      if (!"http".equalsIgnoreCase(proxy.getScheme())
          || proxy.getHost() == null
          || proxy.getPort() > LAST_PORT) {
        throw wrong(variable);
      }
      String user = proxy.getRawUserInfo() == null ? "" : proxy.getRawUserInfo() + "@";
      return new URI("http://" + user + proxy.getHost() + ":" + port(proxy));
    } catch (URISyntaxException e) {
      throw wrong(variable);
    }
  }

  /** Its value may hold a password, and is not told. */
  private static IllegalArgumentException wrong(String variable) {
    return new IllegalArgumentException(
        variable + " is no proxy that Muster can use; it can use http://[USER:PASSWORD@]HOST:PORT");
  }

  /**
   * What a proxy that wants a password is told for that address, as the value of {@code
   * Proxy-Authorization}; null if there is none to be told.
   *
   * @throws IllegalArgumentException as {@link #of} does
   */
  public @Nullable String authorization(URI uri) {
    URI proxy = of(uri);
    String user = proxy == null ? null : user(proxy);
    return user == null
        ? null
        : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The user and the password of the proxy that is there, with a colon between them; null if it is
   * none of these, or wants none.
   *
   * @throws IllegalArgumentException as {@link #of} does
   */
  public @Nullable String user(String host, int port) {
    for (String variable : List.of("HTTPS_PROXY", "HTTP_PROXY")) {
      URI proxy = proxy(variable);
      if (proxy != null && bare(proxy.getHost()).equals(host) && proxy.getPort() == port) {
        return user(proxy);
      }
    }
    return null;
  }

  private static @Nullable String user(URI proxy) {
    String user = proxy.getRawUserInfo();
    return user == null
        ? null
        // in the part before the host a plus is a plus
        : URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /**
   * What a program that is started in this environment finds there besides, so that it asks these
   * directly too.
   *
   * @param also names, addresses and ranges, as {@code NO_PROXY} takes them
   */
  public Map<String, String> without(List<String> also) {
    String before = value("NO_PROXY");
    String all = (before.isEmpty() ? "" : before + ",") + String.join(",", also);
    return Map.of("NO_PROXY", all, "no_proxy", all);
  }

  @Override
  public List<Proxy> select(URI uri) {
    URI proxy = of(uri);
    return List.of(
        proxy == null
            ? Proxy.NO_PROXY
            : new Proxy(
                Proxy.Type.HTTP,
                InetSocketAddress.createUnresolved(bare(proxy.getHost()), port(proxy))));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress proxy, IOException failure) {
    // whoever asked is told
  }

  /** Whether that is this machine, by its name or address. */
  public static boolean loopback(String host) {
    try {
      return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) { // another name
      return false;
    }
  }

  private String value(String variable) {
    String upper = environment.getOrDefault(variable, "").strip();
    return upper.isEmpty()
        ? environment.getOrDefault(variable.toLowerCase(Locale.ROOT), "").strip()
        : upper;
  }

  private boolean direct(String host, int port) {
    if (loopback(host)) {
      return true;
    }
    for (String entry : value("NO_PROXY").toLowerCase(Locale.ROOT).split(",", -1)) {
      if (matches(entry.strip(), host.toLowerCase(Locale.ROOT), port)) {
        return true;
      }
    }
    return false;
  }

  /** An entry is a name with those below it, {@code .only.those.below}, an address or a range. */
  private static boolean matches(String entry, String host, int port) {
    if (entry.equals("*")) {
      return true;
    }
    Matcher withPort = WITH_PORT.matcher(entry);
    if (withPort.matches() && !withPort.group(2).equals(Integer.toString(port))) {
      return false;
    }
    String name = bare(withPort.matches() ? withPort.group(1) : entry);
    if (name.startsWith("*.")) {
      name = name.substring(1);
    }
    return name.startsWith(".")
        ? host.endsWith(name)
        : !name.isEmpty() && (host.equals(name) || host.endsWith("." + name) || within(host, name));
  }

  private static boolean within(String host, String range) {
    int slash = range.indexOf('/');
    if (slash < 0) {
      return false;
    }
    try {
      byte[] address = InetAddress.ofLiteral(host).getAddress();
      byte[] net = InetAddress.ofLiteral(range.substring(0, slash)).getAddress();
      int rest = 8 * address.length - Integer.parseInt(range.substring(slash + 1));
      return address.length == net.length
          && rest >= 0
          && new BigInteger(1, address)
              .shiftRight(rest)
              .equals(new BigInteger(1, net).shiftRight(rest));
    } catch (IllegalArgumentException e) { // a host by name is in no range
      return false;
    }
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
  }

  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
