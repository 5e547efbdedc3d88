package dev.muster.cluster.connect;

import dev.muster.drill.field.DurationText;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One watch of an API server: lines of JSON, as kubectl reads them. Plain HTTP and not the web
 * socket of the client library: that one waits without a limit where the upgrade is answered by
 * something else. Read by one thread; may be closed by any.
 */
public final class WatchStream implements AutoCloseable {
  private static final int LONGEST_ERROR = 64 << 10;
  private static final Object END = new Object();
  private static final Object CLOSED = new Object();

  private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private ByteBuffer rest = ByteBuffer.allocate(0);
  private @Nullable AsyncBody body;

  private WatchStream() {}

  /** Whether this address asks for a watch. */
  static boolean asks(URI address) {
    return String.valueOf(address.getQuery()).contains("watch=true");
  }

  /**
   * Opens it.
   *
   * @param path from the root of the server, with the query; contains {@code watch=true}
   * @param limit until the answer begins
   * @throws KubernetesClientException with the server's code and words where it refuses
   * @throws IOException where there is no answer, or none in time
   */
  public static WatchStream open(KubernetesClient client, String path, Duration limit)
      throws IOException, InterruptedException {
    String base = client.getMasterUrl().toString().replaceAll("/+$", "");
    HttpRequest request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(base + path)
            .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
            .forStreaming()
            .build();
    WatchStream stream = new WatchStream();
    CompletableFuture<HttpResponse<AsyncBody>> asked =
        client.getHttpClient().consumeBytes(request, stream::arrived);
    try {
      HttpResponse<AsyncBody> response = asked.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      stream.read(response.body());
      if (!response.isSuccessful()) {
        throw stream.refusal(client, response.code(), limit);
      }
      return stream;
    } catch (TimeoutException e) {
      throw silent(limit);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof HttpTimeoutException
          ? silent(limit)
          : new IOException(e.getCause());
    } finally {
      asked.cancel(true); // without effect once there is an answer; a late one is thrown away
    }
  }

  private static HttpTimeoutException silent(Duration limit) {
    return new HttpTimeoutException("no answer within " + DurationText.of(limit));
  }

  private void arrived(List<ByteBuffer> buffers, AsyncBody from) {
    for (ByteBuffer each : buffers) {
      byte[] bytes = new byte[each.remaining()];
      each.get(bytes);
      arrived.add(bytes);
    }
    from.consume();
  }

  private void read(AsyncBody from) {
    body = from;
    var _ = from.done().whenComplete((_, problem) -> arrived.add(problem == null ? END : problem));
    from.consume();
  }

  private KubernetesClientException refusal(KubernetesClient client, int code, Duration limit)
      throws InterruptedException {
    var text = new StringBuilder();
    try (this) {
      for (String line = next(limit); line != null; line = next(limit)) {
        text.append(line);
        if (text.length() > LONGEST_ERROR) {
          break;
        }
      }
      Status status = client.getKubernetesSerialization().unmarshal(text.toString(), Status.class);
      if (status != null && status.getMessage() != null) {
        return new KubernetesClientException(status.getMessage(), code, status);
      }
    } catch (IOException | RuntimeException e) {
      // no words of an API server
    }
    return new KubernetesClientException(
        "HTTP " + code, code, new StatusBuilder().withMessage("HTTP " + code).build());
  }

  /**
   * The next line, null at the end of the stream.
   *
   * @param silence how long to wait for the next bytes
   * @throws HttpTimeoutException if nothing came in time
   * @throws AsynchronousCloseException if it was closed
   * @throws IOException if it broke
   */
  public @Nullable String next(Duration silence) throws IOException, InterruptedException {
    while (true) {
      while (rest.hasRemaining()) {
        byte each = rest.get();
        if (each == '\n') {
          String line = begun.toString(StandardCharsets.UTF_8);
          begun.reset();
          return line;
        }
        begun.write(each);
      }
      Object next = arrived.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
      switch (next) {
        case null ->
            throw new HttpTimeoutException(
                "nothing came for " + DurationText.of(silence) + ", not even its end");
        case Object closed when closed == CLOSED -> throw new AsynchronousCloseException();
        case byte[] bytes -> rest = ByteBuffer.wrap(bytes);
        case IOException broken -> throw new IOException(broken.getMessage(), broken);
        case Throwable broken -> throw new IOException(broken);
        default -> {
          arrived.add(END);
          if (begun.size() == 0) {
            return null;
          }
          String line = begun.toString(StandardCharsets.UTF_8);
          begun.reset();
          return line;
        }
      }
    }
  }

  @Override
  public void close() {
    arrived.add(CLOSED);
    AsyncBody open = body;
    if (open != null) {
      open.cancel();
    }
  }
}
