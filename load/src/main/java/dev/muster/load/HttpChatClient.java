package dev.muster.load;

import dev.muster.drill.Drill;
import dev.muster.drill.LoadRequest;
import dev.muster.load.http.Http1Client;
import dev.muster.load.http.Loop;
import dev.muster.load.http.Origin;
import dev.muster.load.http.RequestBytes;
import dev.muster.timeline.Request;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A {@link ChatClient} over HTTP/1.1. Follows no redirects and repeats nothing. */
public final class HttpChatClient implements ChatClient {
  /** What is shorter is no secret, and may be a word of the answer. */
  private static final int SECRET = 8;

  private final URI uri;
  private final Spec spec;
  private final InstantSource clock;
  private final Http1Client http;
  private final List<String> secrets;
  private @Nullable String host;
  private boolean hostAsked;

  /**
   * What to send.
   *
   * @param endpoint http(s) URL of the API, without {@code /chat/completions}; it may have a query
   * @param host gives the Host header where the URL is not the service's own name, else null; asked
   *     once, at the first request, because the service may be deployed after this is made
   * @param promptTokens about so many, by DeepSeek's rule of thumb
   * @param answerTokens at most so many
   * @param timeout of a whole request, from sent to its last byte
   * @param request what each is like beside its prompt
   * @param environment fills the variables of the headers
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
      LoadRequest request,
      Map<String, String> environment,
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
      this(
          endpoint,
          host,
          stream,
          promptTokens,
          answerTokens,
          timeout,
          model,
          LoadRequest.USUAL,
          Map.of(),
          "muster");
    }

    /** As the drill's load says. */
    public static Spec of(
        Drill.Load load,
        URI endpoint,
        Supplier<@Nullable String> host,
        Map<String, String> environment,
        String apiKey) {
      return new Spec(
          endpoint,
          host,
          load.stream(),
          load.promptTokens(),
          load.answerTokens(),
          load.timeout(),
          Objects.requireNonNullElse(load.model(), DEFAULT_MODEL),
          load.request(),
          environment,
          apiKey);
    }

    @Override
    public String toString() {
      return endpoint + ", model " + model;
    }
  }

  /**
   * @param loop on which it sends and reads; closing it cuts everything off without a word
   * @param clock the engine's
   */
  public HttpChatClient(Spec spec, Loop loop, InstantSource clock) {
    this.spec = spec;
    this.clock = clock;
    uri = asked(spec.endpoint(), spec.request().path());
    http =
        new Http1Client(
            loop,
            Origin.of(uri, TlsFiles.context(spec.request().tls())),
            spec.request().connectTimeout(),
            spec.timeout());
    secrets =
        Stream.concat(
                Stream.of(spec.apiKey()),
                spec.request().variables().map(name -> spec.environment().getOrDefault(name, "")))
            .filter(secret -> secret.length() >= SECRET)
            .toList();
  }

  /** Behind the endpoint's path; a query stays where it belongs. */
  private static URI asked(URI endpoint, String behind) {
    String[] parts = endpoint.toString().split("[?]", 2);
    String path = parts[0].replaceAll("/+$", "") + behind;
    return URI.create(parts.length == 1 ? path : path + "?" + parts[1]);
  }

  /** What each request asks: a POST. */
  public URI uri() {
    return uri;
  }

  @Override
  public Sending send(String id, Instant intended, Consumer<Request> ended) {
    var body = ChatBody.of(id, spec);
    var call =
        new ChatCall(
            new Row(id, spec.stream(), intended),
            spec.stream(),
            Dialect.of(spec.request().preset()).usage(),
            spec.request().servedBy(),
            body.userContent(),
            clock,
            row -> ended.accept(masked(row)));
    return http.send(request(id, body.json()), call)::cut;
  }

  /** A server may quote the key that it does not like. */
  private Request masked(Request row) {
    var detail = row.detail();
    if (detail == null) {
      return row;
    }
    var masked = detail;
    for (var secret : secrets) {
      masked = masked.replace(secret, "***");
    }
    return masked.equals(detail) ? row : row.ended(row.outcome(), masked);
  }

  private byte[] request(String id, String body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("host", host());
    headers.put("content-type", "application/json");
    headers.put("accept", spec.stream() ? "text/event-stream" : "application/json");
    headers.put("accept-encoding", "identity");
    headers.put("authorization", "Bearer " + spec.apiKey());
    headers.put("x-request-id", id);
    spec.request()
        .headers()
        .forEach((name, value) ->
            headers.put(
                name.toLowerCase(Locale.ROOT), LoadRequest.filled(value, spec.environment())));
    var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return RequestBytes.post(
        uri.getRawPath() + query, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  private synchronized String host() {
    if (!hostAsked) {
      host = spec.host().get();
      hostAsked = true;
    }
    return host != null ? host : uri.getRawAuthority().replaceAll("^.*@", "");
  }
}
