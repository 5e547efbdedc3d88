package dev.muster.load;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The DeepSeek API over the JDK's client. That client would repeat some failed requests silently;
 * the launcher switches it off ({@code jdk.httpclient.disableRetryConnect}), because a load
 * generator that hides failures lies. {@code jdk.httpclient.allowRestrictedHeaders=host} allows the
 * Host header.
 */
public final class HttpChatClient implements ChatClient, AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();
  private final ScheduledExecutorService deadlines =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final Spec spec;
  private final InstantSource clock;
  private @Nullable String host;
  private boolean hostAsked;

  /**
   * What to send.
   *
   * @param host the Host header where the endpoint's address is not its name, else null; asked once,
   *     at the first request, because the service may be deployed after this is made
   * @param timeout of a whole request
   */
  public record Spec(
      URI endpoint,
      Supplier<@Nullable String> host,
      boolean stream,
      int promptTokens,
      int answerTokens,
      Duration timeout,
      String model) {}

  public HttpChatClient(Spec spec, InstantSource clock) {
    this.spec = spec;
    this.clock = clock;
  }

  @Override
  public Request send(String id, Instant intended) {
    Exchange exchange = new Exchange(id, spec.stream(), intended, clock);
    String prompt = prompt(id);
    AnswerReader reader = new AnswerReader(prompt);
    ScheduledFuture<?> deadline =
        deadlines.schedule(exchange::expire, spec.timeout().toMillis(), TimeUnit.MILLISECONDS);
    try {
      HttpRequest request = request(id, prompt);
      exchange.sent();
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      exchange.answered(response);
      try (InputStream body = response.body()) {
        exchange.body(body);
        if (response.statusCode() != 200) {
          return refused(exchange, response.statusCode(), body);
        }
        read(exchange, reader, body);
      }
      return exchange.ended(reader.outcome(), reader.detail());
    } catch (HttpConnectTimeoutException | ConnectException e) {
      return exchange.ended(Outcome.CONNECTION_FAILED, "no connection: " + e.getMessage());
    } catch (HttpTimeoutException e) {
      return exchange.ended(Outcome.TIMED_OUT, "no answer within " + spec.timeout());
    } catch (IOException e) {
      return exchange.broken(e);
    } catch (InterruptedException e) {
      return exchange.ended(Outcome.TIMED_OUT, "still running when the load ended");
    } finally {
      deadline.cancel(false);
    }
  }

  private void read(Exchange exchange, AnswerReader reader, InputStream body) throws IOException {
    if (!spec.stream()) {
      reader.body(new String(body.readAllBytes(), StandardCharsets.UTF_8));
      exchange.token(AnswerReader.Kind.ANSWER);
      return;
    }
    SseParser parser = new SseParser();
    BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String event = parser.line(line);
      if (event != null) {
        exchange.token(reader.event(event));
      }
    }
  }

  private static Request refused(Exchange exchange, int status, InputStream body)
      throws IOException {
    String text = new String(body.readNBytes(300), StandardCharsets.UTF_8).replace('\n', ' ');
    boolean clean = (status == 429 || status == 503) && text.startsWith("{\"error\"");
    return exchange.ended(clean ? Outcome.REJECTED : Outcome.HTTP_ERROR, status + " " + text);
  }

  private HttpRequest request(String id, String prompt) {
    Map<String, Object> body =
        new java.util.LinkedHashMap<>(
            Map.of(
                "model", spec.model(),
                "messages", List.of(Map.of("role", "user", "content", prompt)),
                "max_tokens", spec.answerTokens(),
                "thinking", Map.of("type", "disabled"),
                "stream", spec.stream()));
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(spec.endpoint().resolve("/chat/completions"))
            .timeout(spec.timeout())
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer muster")
            .header("x-request-id", id)
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
    String name = host();
    if (name != null) {
      builder.header("Host", name);
    }
    return builder.build();
  }

  private synchronized @Nullable String host() {
    if (!hostAsked) {
      host = spec.host().get();
      hostAsked = true;
    }
    return host;
  }

  /** Unique, so that no cache answers for the worker; about the wanted length, a word a token. */
  private String prompt(String id) {
    return id + " why".repeat(Math.max(0, spec.promptTokens() - 1));
  }

  @Override
  public void close() {
    deadlines.shutdownNow();
    http.shutdownNow();
  }
}
