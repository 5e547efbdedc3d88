package dev.muster.cluster.connect;

import dev.muster.drill.field.DurationText;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long one request to an API server may take. The client library limits the time until an
 * answer begins and the number of tries; that an answer also comes to its end, and that a server
 * which asks to come back later is obeyed within reason only, is done here. Watches, which {@link
 * WatchStream} limits, and streams of pods, which their readers do, go on.
 *
 * @param answer until an answer begins, and again until it has ended
 * @param retries after a failure of the moment
 * @param comeBack a server that asks to come back later than this is not waited for
 */
public record Limits(Duration answer, int retries, Duration comeBack) implements Interceptor {
  /** For work: slow answers are awaited and failures of the moment tried again. */
  static final Limits WORK = new Limits(Duration.ofSeconds(8), 2, Duration.ofSeconds(5));

  /** For probes: no answer, and any failure, is an answer too. */
  static final Limits PROBE = new Limits(Duration.ofSeconds(3), 0, Duration.ZERO);

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    if (!(response.body() instanceof AsyncBody body)
        || WatchStream.asks(request.uri())
        || PodStream.asks(request)) {
      return;
    }
    var _ =
        body.done()
            .copy() // so that the answer fails with words of ours
            .orTimeout(answer.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((_, problem) -> {
              if (problem instanceof TimeoutException) {
                body.done()
                    .completeExceptionally(
                        new IOException(
                            "its answer began and did not come to its end within "
                                + DurationText.of(answer)));
                body.cancel();
              }
            });
  }

  @Override
  public CompletableFuture<Boolean> afterFailure(
      BasicBuilder builder, HttpResponse<?> response, RequestTags tags) {
    String later = response.header("Retry-After");
    if (later == null || retries == 0) {
      return CompletableFuture.completedFuture(false);
    }
    if (soon(later)) { // the library itself comes back at once
      return CompletableFuture.supplyAsync(
          () -> false,
          CompletableFuture.delayedExecutor(Integer.parseInt(later.strip()), TimeUnit.SECONDS));
    }
    String words = "it asks to come back after " + later + " s, which is not waited for";
    return CompletableFuture.failedFuture(
        new KubernetesClientException(
            words,
            response.code(),
            new StatusBuilder().withCode(response.code()).withMessage(words).build()));
  }

  private boolean soon(String seconds) {
    try {
      int asked = Integer.parseInt(seconds.strip());
      return asked >= 0 && asked <= comeBack.toSeconds();
    } catch (NumberFormatException e) {
      return false; // a date, which API servers do not give
    }
  }
}
