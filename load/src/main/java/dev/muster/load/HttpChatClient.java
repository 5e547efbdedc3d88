package dev.muster.load;

import dev.muster.drill.Drill;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A {@link ChatClient} over the JDK's HTTP client, HTTP/1.1. Follows no redirects and retries
 * nothing.
 *
 * <p>Two settings of the JDK's client are read once per process, so the program that uses this
 * class should start with them: {@code -Djdk.httpclient.allowRestrictedHeaders=host} (needed for a
 * {@code host}) and {@code -Djdk.httpclient.disableRetryConnect=} (else a refused connection is
 * tried twice). This class sets them where they are unset, which helps only as long as nothing else
 * has used an HTTP client before.
 */
public final class HttpChatClient implements ChatClient {
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final int MAX_BODY_BYTES = 16 << 20;
  private static final int MAX_ERROR_BYTES = 64 << 10;
  private static final JsonMapper JSON = new JsonMapper();

  static {
    System.getProperties().putIfAbsent("jdk.httpclient.allowRestrictedHeaders", "host");
    System.getProperties().putIfAbsent("jdk.httpclient.disableRetryConnect", "");
  }

  private final URI uri;
  private final Spec spec;
  private final InstantSource clock;
  private @Nullable String host;
  private boolean hostAsked;
  private final ScheduledThreadPoolExecutor deadlines;
  private final ExecutorService executor;
  private final HttpClient http;

  /**
   * What to send.
   *
   * @param endpoint http(s) URL of the API, without {@code /chat/completions}; it may have a query
   * @param host gives the Host header where the URL is not the service's own name, else null; asked
   *     once, at the first request, because the service may be deployed after this is made
   * @param promptTokens about so many, by DeepSeek's rule of thumb
   * @param answerTokens at most so many
   * @param timeout of a whole request, from sent to its last byte
   * @param body laid over the fields that are sent else; a null takes one out
   * @param apiKey sent as bearer token and written nowhere
   */
  public record Spec(
      URI endpoint,
      Supplier<@Nullable String> host,
      boolean stream,
      int promptTokens,
      int answerTokens,
      Duration timeout,
      String model,
      Map<String, Object> body,
      String apiKey) {
    /** Named where a drill names no model. */
    public static final String DEFAULT_MODEL = "deepseek-v4-pro";

    /** The reference service takes any key. */
    public Spec(
        URI endpoint,
        Supplier<@Nullable String> host,
        boolean stream,
        int promptTokens,
        int answerTokens,
        Duration timeout,
        String model) {
      this(endpoint, host, stream, promptTokens, answerTokens, timeout, model, Map.of(), "muster");
    }

    /** As the drill's load says. */
    public static Spec of(
        Drill.Load load, URI endpoint, Supplier<@Nullable String> host, String apiKey) {
      return new Spec(
          endpoint,
          host,
          load.stream(),
          load.promptTokens(),
          load.answerTokens(),
          load.timeout(),
          Objects.requireNonNullElse(load.model(), DEFAULT_MODEL),
          load.body(),
          apiKey);
    }

    @Override
    public String toString() {
      return endpoint + ", model " + model;
    }
  }

  /**
   * @param clock the engine's
   */
  public HttpChatClient(Spec spec, InstantSource clock) {
    this.spec = spec;
    this.clock = clock;
    uri = completions(spec.endpoint());
    deadlines =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("deadlines").factory());
    deadlines.setRemoveOnCancelPolicy(true);
    executor = Executors.newVirtualThreadPerTaskExecutor();
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .executor(executor)
            .build();
  }

  /** Behind the path; a query stays where it belongs. */
  private static URI completions(URI endpoint) {
    String[] parts = endpoint.toString().split("[?]", 2);
    String path = parts[0].replaceAll("/+$", "") + "/chat/completions";
    return URI.create(parts.length == 1 ? path : path + "?" + parts[1]);
  }

  /** What each request asks: a POST. */
  public URI uri() {
    return uri;
  }

  @Override
  public Request send(String id, Instant intended) {
    var body = ChatBody.of(id, spec);
    var request = request(id, body.json());
    var row = new Row(id, spec.stream(), intended, clock.instant());
    try (var deadline = new Deadline(spec.timeout(), deadlines)) {
      var answer = reader(null, body);
      try {
        var response = http.send(request, BodyHandlers.ofInputStream());
        row.head(clock.instant(), response.statusCode(), response.headers());
        answer = reader(response.headers().firstValue(AnswerRules.CHAIN_HEADER).orElse(null), body);
        try (var in = response.body()) {
          return read(response, in, row, answer);
        }
      } catch (MalformedAnswerException e) {
        return row.ended(
            clock.instant(), answer.cut(Outcome.MALFORMED, String.valueOf(e.getMessage())));
      } catch (InterruptedException e) {
        return cut(row, answer, deadline);
      } catch (IOException e) {
        return Thread.currentThread().isInterrupted()
            ? cut(row, answer, deadline)
            : broken(row, answer, e);
      }
    }
  }

  private static AnswerReader reader(@Nullable String chainHeader, ChatBody body) {
    return new AnswerReader(
        AnswerRules.of(AnswerRules.Usage.REQUIRED, chainHeader), body.userContent());
  }

  private Request read(HttpResponse<?> response, InputStream in, Row row, AnswerReader answer)
      throws IOException {
    int status = response.statusCode();
    if (status != 200) {
      var body = text(in, MAX_ERROR_BYTES);
      boolean refusal = (status == 429 || status == 503) && isError(body);
      return row.ended(
          clock.instant(),
          refusal ? Outcome.REJECTED : status >= 400 ? Outcome.HTTP_ERROR : Outcome.MALFORMED,
          "HTTP " + status + ": " + clip(body));
    }
    if (!spec.stream()) {
      var body = bytes(in, MAX_BODY_BYTES);
      var at = clock.instant();
      return row.ended(at, answer.whole(body, at));
    }
    var type = response.headers().firstValue("content-type").orElse("none");
    if (!type.toLowerCase(Locale.ROOT).startsWith("text/event-stream")) {
      return row.ended(
          clock.instant(),
          Outcome.MALFORMED,
          "content-type " + type + " instead of text/event-stream");
    }
    return stream(in, row, answer);
  }

  private Request stream(InputStream in, Row row, AnswerReader answer) throws IOException {
    var buffer = new byte[8192];
    for (int n = in.read(buffer); n >= 0 && !answer.broken(); n = in.read(buffer)) {
      answer.feed(buffer, 0, n, clock.instant());
    }
    return row.ended(clock.instant(), answer.end());
  }

  private Request cut(Row row, AnswerReader answer, Deadline deadline) {
    var why =
        deadline.passed()
            ? "not complete " + spec.timeout().toSeconds() + " s after it was sent"
            : "cut off by the end of the load";
    return row.ended(clock.instant(), answer.cut(Outcome.TIMED_OUT, why));
  }

  private Request broken(Row row, AnswerReader answer, IOException e) {
    var at = clock.instant();
    var why = e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
    if (!row.answered()) {
      return row.ended(at, isProtocol(e) ? Outcome.MALFORMED : Outcome.CONNECTION_FAILED, why);
    }
    return row.ended(at, answer.cut(Outcome.TRUNCATED, why));
  }

  private HttpRequest request(String id, String body) {
    var builder =
        HttpRequest.newBuilder(uri)
            .header("content-type", "application/json")
            .header("accept", spec.stream() ? "text/event-stream" : "application/json")
            .header("authorization", "Bearer " + spec.apiKey())
            .header("x-request-id", id)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    var name = host();
    if (name != null) {
      try {
        builder.header("host", name);
      } catch (IllegalArgumentException e) {
        throw new IllegalStateException(
            "can not send the Host header "
                + name
                + ": start Java with -Djdk.httpclient.allowRestrictedHeaders=host",
            e);
      }
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

  private static boolean isProtocol(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof ProtocolException) {
        return true;
      }
    }
    return false;
  }

  private static boolean isError(String body) {
    try {
      return JSON.readTree(body).path("error").isObject();
    } catch (JacksonException e) {
      return false;
    }
  }

  private static String text(InputStream in, int limit) throws IOException {
    return new String(bytes(in, limit), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(InputStream in, int limit) throws IOException {
    var bytes = in.readNBytes(limit + 1);
    if (bytes.length > limit) {
      throw new MalformedAnswerException("a body of more than " + limit + " bytes");
    }
    return bytes;
  }

  private static String clip(String text) {
    return text.length() <= 160 ? text : text.substring(0, 160) + "…";
  }

  @Override
  public void close() {
    http.shutdownNow();
    deadlines.shutdownNow();
    executor.shutdownNow();
  }
}
