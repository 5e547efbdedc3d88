package dev.muster.lab.registry;

import dev.muster.lab.host.LabException;
import dev.muster.lab.host.WrongLabException;
import dev.muster.source.Proxies;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks servers from which bundles come, through the proxies of the environment and with a limit to
 * each wait. Safe for several threads.
 */
public final class Http implements AutoCloseable {
  static final String AUTHORIZATION = "Authorization";
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int PROXY_REFUSES = 407;
  private static final int MOST_REDIRECTS = 5;

  private final Duration patience;
  private final Proxies proxies;
  private final HttpClient client;

  /**
   * @param patience with a server that sends nothing
   */
  public Http(Duration patience, Map<String, String> environment) {
    this.patience = patience;
    this.proxies = new Proxies(environment);
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(patience)
            .proxy(proxies)
            .build();
  }

  /**
   * What a server has there, wherever it sends on to; but not from https to http, and no other host
   * is told the credentials. The body is closed by the caller; reading it ends by an error where
   * nothing comes.
   *
   * @throws IOException if nobody answers; the message names no address
   * @throws WrongLabException if the environment names a proxy that cannot be used
   */
  public HttpResponse<InputStream> get(URI uri, Map<String, String> headers) throws IOException {
    URI at = uri;
    for (int i = 0; i <= MOST_REDIRECTS; i++) {
      HttpRequest.Builder request = HttpRequest.newBuilder(at).timeout(patience);
      boolean home = String.valueOf(at.getAuthority()).equals(uri.getAuthority());
      headers.forEach((name, value) -> {
        if (home || !name.equals(AUTHORIZATION)) {
          request.header(name, value);
        }
      });
      HttpResponse<InputStream> answer = send(request, at);
      String on = answer.headers().firstValue("Location").orElse(null);
      if (on == null || !REDIRECTS.contains(answer.statusCode())) {
        return answer;
      }
      answer.body().close();
      at = next(at, on);
    }
    throw new IOException("the server sends on more than " + MOST_REDIRECTS + " times");
  }

  /**
   * Where a server sends on to.
   *
   * @throws IOException if that is no URL, or one without TLS from one with
   */
  static URI next(URI at, String on) throws IOException {
    URI next;
    try {
      next = at.resolve(on);
    } catch (IllegalArgumentException e) {
      throw new IOException("the server sends on to what is no URL: " + e.getMessage());
    }
    String scheme = String.valueOf(next.getScheme());
    if (!scheme.equals(at.getScheme()) && !scheme.equals("https")) {
      throw new IOException("the server sends on from " + at.getScheme() + " to " + scheme);
    }
    return next;
  }

  /**
   * Sends a body and follows nothing.
   *
   * @param limit for all of it
   * @throws IOException if nobody answers
   */
  HttpResponse<InputStream> send(
      String method, URI uri, Map<String, String> headers, BodyPublisher body, Duration limit)
      throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(limit).method(method, body);
    headers.forEach(request::header);
    return send(request, uri);
  }

  /** Sends no body. */
  HttpResponse<InputStream> send(String method, URI uri, Map<String, String> headers)
      throws IOException {
    return send(method, uri, headers, BodyPublishers.noBody(), patience);
  }

  private HttpResponse<InputStream> send(HttpRequest.Builder request, URI uri) throws IOException {
    String password = password(uri);
    if (password != null) {
      request.header("Proxy-Authorization", password);
    }
    HttpRequest whole = request.build();
    try {
      HttpResponse<InputStream> answer = client.send(whole, BodyHandlers.ofInputStream());
      if (answer.statusCode() == PROXY_REFUSES) {
        answer.body().close();
        throw new IOException(
            "the proxy does not take the user and password that its variable names, or wants some:"
                + " http://USER:PASSWORD@HOST:PORT");
      }
      return answer;
    } catch (ConnectException e) {
      throw new IOException(nobody(e, proxies.of(uri)));
    } catch (HttpTimeoutException e) {
      long seconds = whole.timeout().orElse(patience).toSeconds();
      throw new IOException("no answer within " + seconds + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while fetching " + uri);
    }
  }

  private @Nullable String password(URI uri) {
    try {
      return proxies.authorization(uri);
    } catch (IllegalArgumentException e) {
      throw new WrongLabException(String.valueOf(e.getMessage()));
    }
  }

  private static String nobody(ConnectException e, @Nullable URI proxy) {
    boolean unknown = false;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      unknown |= cause instanceof UnresolvedAddressException;
    }
    if (proxy == null) {
      return unknown ? "there is no host of that name" : "nobody listens there";
    }
    return (unknown ? "there is no host of the proxy's name, " : "nobody listens at the proxy ")
        + proxy.getHost()
        + ":"
        + proxy.getPort();
  }

  /** With a server that sends nothing. */
  Duration patience() {
    return patience;
  }

  /** A body that ends by an error where nothing comes; what asked is closed with it. */
  public InputStream patient(InputStream body) {
    return new PatientStream(body, patience, client::shutdownNow);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
