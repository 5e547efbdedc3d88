package dev.muster.observe.ask;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * By its URL, with a bearer token where there is one. Redirects are not followed: the token is for
 * this host alone.
 */
public final class DirectJson extends HttpJson {
  /** For as long as Muster runs: its threads hold nothing up. */
  static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();

  private final HttpClient http;
  private final URI base;
  private final @Nullable String token;

  public DirectJson(HttpClient http, URI base, @Nullable String token) {
    this.http = http;
    this.base = base;
    this.token = token;
  }

  @Override
  String where() {
    String host = base.getHost() + (base.getPort() < 0 ? "" : ":" + base.getPort());
    return base.getScheme() + "://" + host + base.getPath();
  }

  @Override
  Answer send(String path, @Nullable String body) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT);
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (body != null) {
      request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
    }
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (HttpTimeoutException e) {
      return new Answer(0, "no answer within " + TIMEOUT.toSeconds() + " s");
    } catch (ConnectException e) {
      return new Answer(0, "nobody listens there");
    } catch (IOException e) {
      return new Answer(0, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(0, "interrupted");
    }
  }
}
