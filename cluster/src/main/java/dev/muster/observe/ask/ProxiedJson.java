package dev.muster.observe.ask;

import dev.muster.drill.observer.Place;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Through the API server's proxy to a Service or to one pod: needs nothing but the kubeconfig. The
 * API server answers 503 itself where nobody is there. It keeps no token for the program behind.
 */
final class ProxiedJson extends HttpJson {
  private static final int AGAIN = 2;

  private final KubernetesClient client;
  private final String where;
  private final String proxy;
  private final Duration timeout;

  private ProxiedJson(KubernetesClient client, String where, String proxy, Duration timeout) {
    this.client = client;
    this.where = where;
    this.proxy = proxy;
    this.timeout = timeout;
  }

  ProxiedJson(KubernetesClient client, Place.Service service) {
    this(
        client,
        service.toString(),
        "/api/v1/namespaces/%s/services/%s:%d/proxy"
            .formatted(service.namespace(), service.name(), service.port()),
        TIMEOUT);
  }

  /** One pod, which may be on a node without power: it gets no longer than {@code timeout}. */
  static ProxiedJson pod(
      KubernetesClient client, String namespace, String pod, int port, Duration timeout) {
    return new ProxiedJson(
        client,
        "pod " + pod + ":" + port,
        "/api/v1/namespaces/%s/pods/%s:%d/proxy".formatted(namespace, pod, port),
        timeout);
  }

  @Override
  String where() {
    return where;
  }

  @Override
  Answer send(String path, @Nullable String body) {
    String server = client.getMasterUrl().toString().replaceAll("/+$", "");
    HttpRequest.Builder request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(server + proxy + path)
            .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    if (body != null) {
      request.post("application/json", body);
    }
    return asked(request.build(), AGAIN, System.nanoTime() + timeout.toNanos());
  }

  /**
   * All that is asked is a question. An answer that breaks off is asked for again: on the way are
   * connections that were kept from before a fault, on more than one of its legs. One that does not
   * come is not: whoever waits for it three times does not look at others meanwhile.
   *
   * @param deadline of all together, by {@link System#nanoTime}
   */
  private Answer asked(HttpRequest request, int again, long deadline) {
    try {
      HttpResponse<String> response =
          client
              .getHttpClient()
              .sendAsync(request, String.class)
              .get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      String said = response.body();
      return new Answer(response.code(), said == null ? "" : said);
    } catch (TimeoutException e) {
      return new Answer(0, "no answer within " + timeout.toSeconds() + " s");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      boolean late =
          cause instanceof InterruptedIOException
              || cause instanceof HttpTimeoutException
              || deadline - System.nanoTime() <= 0;
      return again > 0 && cause instanceof IOException && !late
          ? asked(request, again - 1, deadline)
          : new Answer(0, "the API server did not answer: " + cause.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(0, "interrupted");
    }
  }
}
