package dev.muster.cluster.object;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.connect.PodStream;
import dev.muster.drill.field.DurationText;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A port of one pod, asked through the API server's proxy: that needs nothing but the kubeconfig.
 * What the API server itself says is told apart from what the pod says. Safe for several threads.
 *
 * @param client tries again as it was made to
 */
public record PodPort(KubernetesClient client, String namespace, String pod, int port) {
  private static final String JSON = "application/json";

  /** Older API servers say so in plain text. */
  private static final String UNREACHABLE = "error trying to reach service";

  /**
   * @param status of the pod's own answer; 0 where it gave none, then {@code body} says why
   */
  public record Answer(int status, String body) {
    public boolean good() {
      return status >= 200 && status <= 299;
    }
  }

  /**
   * @param number null: the first port that a container names
   * @throws ClusterException if there is none
   */
  public static PodPort of(KubernetesClient client, Pod pod, @Nullable Integer number) {
    int port =
        number != null
            ? number
            : Pods.port(pod)
                .orElseThrow(() ->
                    new ClusterException(
                        Pods.object(pod)
                            + " names no containerPort: say at which port it answers (port)"));
    return new PodPort(client, pod.getMetadata().getNamespace(), Pods.name(pod), port);
  }

  /** For messages. */
  public String object() {
    return "pod/" + namespace + "/" + pod;
  }

  /**
   * One question and its whole answer.
   *
   * @param path begins with a slash
   * @param body JSON; null for none
   * @throws ClusterException if the API server did not let the question through
   */
  public Answer ask(
      String method,
      String path,
      Map<String, String> headers,
      @Nullable String body,
      Duration within)
      throws InterruptedException {
    HttpRequest.Builder request = request(method, path, body, within);
    headers.forEach(request::header);
    CompletableFuture<HttpResponse<String>> asked =
        client.getHttpClient().sendAsync(request.build(), String.class);
    try {
      HttpResponse<String> response = asked.get(within.toMillis(), TimeUnit.MILLISECONDS);
      return answer(response.code(), response.body());
    } catch (TimeoutException e) {
      return new Answer(0, "no answer within " + DurationText.of(within));
    } catch (ExecutionException e) {
      return new Answer(0, ApiErrors.cause(e));
    } finally {
      asked.cancel(true); // without effect once there is an answer
    }
  }

  /**
   * Asks for an answer that comes in parts.
   *
   * @param begins until it begins
   * @param within all of it; the limit of a request is one of its body too, from JDK 26 on
   * @throws IOException if it does not begin
   * @throws ClusterException if the API server did not let the question through
   */
  public PodStream stream(String path, String body, Duration begins, Duration within)
      throws IOException, InterruptedException {
    HttpRequest request =
        request("POST", path, body, within)
            .header("Accept", PodStream.EVENTS)
            .forStreaming()
            .build();
    return PodStream.open(client, request, begins);
  }

  private HttpRequest.Builder request(
      String method, String path, @Nullable String body, Duration within) {
    String server = client.getMasterUrl().toString().replaceAll("/+$", "");
    return client
        .getHttpClient()
        .newHttpRequestBuilder()
        .uri(
            server
                + "/api/v1/namespaces/%s/pods/%s:%d/proxy".formatted(namespace, pod, port)
                + path)
        .method(method, body == null ? null : JSON, body)
        .timeout(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * What of it is the pod's.
   *
   * @throws ClusterException if the API server did not let the question through
   */
  public static Answer answer(int code, @Nullable String body) {
    String said = body == null ? "" : body;
    Status status = status(said);
    if (status != null) {
      String words = String.valueOf(status.getMessage());
      ApiErrors.unlessRefused(new KubernetesClientException(words, code, status));
      return new Answer(0, words);
    }
    return said.regionMatches(true, 0, UNREACHABLE, 0, UNREACHABLE.length())
        ? new Answer(0, said.strip())
        : new Answer(code, said);
  }

  /** Null where these are not the words of an API server. */
  private static @Nullable Status status(String body) {
    if (!body.contains("\"Status\"")) {
      return null;
    }
    try {
      Status status = Serialization.unmarshal(body, Status.class);
      return "Status".equals(status.getKind()) && "v1".equals(status.getApiVersion())
          ? status
          : null;
    } catch (RuntimeException e) {
      return null; // the pod's own
    }
  }
}
