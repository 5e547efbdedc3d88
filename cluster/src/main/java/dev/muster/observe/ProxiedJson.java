package dev.muster.observe;

import dev.muster.drill.Watchers;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Through the API server's proxy to a Service: needs nothing but the kubeconfig. The API server
 * answers 503 itself where nobody is behind the Service. It keeps no token for the program behind.
 */
final class ProxiedJson extends HttpJson {
  private final KubernetesClient client;
  private final Watchers.Service service;

  ProxiedJson(KubernetesClient client, Watchers.Service service) {
    this.client = client;
    this.service = service;
  }

  @Override
  String where() {
    return service.toString();
  }

  @Override
  Answer send(String path, @Nullable String body) {
    String server = client.getMasterUrl().toString().replaceAll("/+$", "");
    HttpRequest.Builder request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(
                "%s/api/v1/namespaces/%s/services/%s:%d/proxy%s"
                    .formatted(server, service.namespace(), service.name(), service.port(), path))
            .timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    if (body != null) {
      request.post("application/json", body);
    }
    try {
      HttpResponse<String> response =
          client
              .getHttpClient()
              .sendAsync(request.build(), String.class)
              .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      String said = response.body();
      return new Answer(response.code(), said == null ? "" : said);
    } catch (TimeoutException e) {
      return new Answer(0, "no answer within " + TIMEOUT.toSeconds() + " s");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return new Answer(0, "the API server did not answer: " + cause.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(0, "interrupted");
    }
  }
}
