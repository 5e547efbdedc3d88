package dev.muster.cluster.connect;

import dev.muster.cluster.object.PodPort;
import dev.muster.drill.field.DurationText;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
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
 * An answer of a pod that comes line by line, each with the time of its arrival. Whoever reads it
 * limits it, and gives it up by {@link #close}. Used by one thread.
 */
public final class PodStream implements AutoCloseable {
  /** What is asked for with it is such a stream, which {@link Limits} leaves to its reader. */
  public static final String EVENTS = "text/event-stream";

  /** Bytes. */
  private static final int LONGEST_LINE = 1 << 20;

  private final BlockingQueue<Part> arrived = new LinkedBlockingQueue<>();
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private ByteBuffer rest = ByteBuffer.allocate(0);
  private long at;
  private int status;
  private @Nullable AsyncBody body;

  /** What came, and when by {@link System#nanoTime}. */
  private sealed interface Part {
    record Bytes(ByteBuffer bytes, long at) implements Part {}

    record End() implements Part {}

    record Broken(Throwable why) implements Part {}
  }

  /** One line, and when its last bytes came by {@link System#nanoTime}. */
  public record Line(String text, long at) {}

  private PodStream() {}

  static boolean asks(HttpRequest request) {
    return EVENTS.equals(request.header("Accept"));
  }

  public static PodStream open(KubernetesClient client, HttpRequest request, Duration within)
      throws IOException, InterruptedException {
    PodStream stream = new PodStream();
    CompletableFuture<HttpResponse<AsyncBody>> asked =
        client.getHttpClient().consumeBytes(request, stream::arrived);
    try {
      HttpResponse<AsyncBody> response = asked.get(within.toMillis(), TimeUnit.MILLISECONDS);
      stream.read(response);
      return stream;
    } catch (TimeoutException e) {
      throw silent(within);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof HttpTimeoutException
          ? silent(within)
          : new IOException(ApiErrors.cause(e), e);
    } finally {
      asked.cancel(true); // without effect once there is an answer
    }
  }

  private static HttpTimeoutException silent(Duration within) {
    return new HttpTimeoutException("no answer within " + DurationText.of(within));
  }

  private void arrived(List<ByteBuffer> buffers, AsyncBody from) {
    long now = System.nanoTime();
    for (ByteBuffer each : buffers) {
      byte[] bytes = new byte[each.remaining()];
      each.get(bytes);
      arrived.add(new Part.Bytes(ByteBuffer.wrap(bytes), now));
    }
    from.consume();
  }

  private void read(HttpResponse<AsyncBody> response) {
    AsyncBody from = response.body();
    status = response.code();
    body = from;
    var _ =
        from.done()
            .whenComplete((_, problem) ->
                arrived.add(problem == null ? new Part.End() : new Part.Broken(problem)));
    from.consume();
  }

  /** Of the answer; who said so is told by {@link PodPort#answer} where it is none of 200. */
  public int status() {
    return status;
  }

  /**
   * The next line, without its end; null where the answer has come to its end as it should.
   *
   * @throws HttpTimeoutException if none came in time
   * @throws IOException if the connection broke, or the line is longer than 1 MiB
   */
  public @Nullable Line next(Duration within) throws IOException, InterruptedException {
    long until = System.nanoTime() + within.toNanos();
    while (true) {
      while (rest.hasRemaining()) {
        byte each = rest.get();
        if (each == '\n') {
          return line();
        }
        begun.write(each);
      }
      if (begun.size() > LONGEST_LINE) {
        throw new IOException("a line of more than " + LONGEST_LINE + " bytes");
      }
      Part part = arrived.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      switch (part) {
        case null -> throw new HttpTimeoutException("nothing for " + DurationText.of(within));
        case Part.Bytes(ByteBuffer _, long when) when when - until > 0 ->
            throw new HttpTimeoutException("no end of a line for " + DurationText.of(within));
        case Part.Bytes(ByteBuffer bytes, long when) -> {
          rest = bytes;
          at = when;
        }
        case Part.Broken(Throwable why) -> {
          arrived.add(part);
          throw new IOException(ApiErrors.cause(why), why);
        }
        case Part.End _ -> {
          arrived.add(part);
          return begun.size() == 0 ? null : line();
        }
      }
    }
  }

  private Line line() {
    String text = begun.toString(StandardCharsets.UTF_8);
    begun.reset();
    return new Line(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text, at);
  }

  /** Gives up what has not come yet; the pod sees that its client is gone. */
  @Override
  public void close() {
    AsyncBody open = body;
    if (open != null) {
      open.cancel();
    }
  }
}
