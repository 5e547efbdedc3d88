package dev.muster.load.api;

import dev.muster.drill.Drill;
import dev.muster.drill.LoadRequest;
import dev.muster.load.Attempts;
import dev.muster.load.Backoff;
import dev.muster.load.ChatClient;
import dev.muster.load.Row;
import dev.muster.load.http.Http1Client;
import dev.muster.load.http.Loop;
import dev.muster.load.http.Origin;
import dev.muster.load.http.RequestBytes;
import dev.muster.load.http.RequestTemplate;
import dev.muster.load.prompt.Prompts;
import dev.muster.load.prompt.Question;
import dev.muster.timeline.Request;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A {@link ChatClient} over HTTP/1.1. Follows no redirects and repeats nothing by itself. */
public final class HttpChatClient implements ChatClient, Attempts {
  /** What is shorter is no secret, and may be a word of the answer. */
  private static final int SECRET = 8;

  /** 48 bits, short enough to be read: a load has no more than some 100,000 prompts. */
  private static final int PROMPT_BYTES = 6;

  private final Api api;
  private final URI uri;
  private final Spec spec;
  private final InstantSource clock;
  private final Http1Client http;
  private final List<String> secrets;
  private final boolean alike;
  private final boolean gzip;
  private volatile @Nullable RequestTemplate template;
  private @Nullable String host;
  private boolean hostAsked;

  /**
   * What to send.
   *
   * @param endpoint http(s) URL of the API, without {@code /chat/completions}; it may have a query
   * @param host gives the Host header where the URL is not the service's own name, else null; asked
   *     once, at the first request, because the service may be deployed after this is made
   * @param prompts what is asked
   * @param seed sent with a temperature of 0, where answers to the same prompt are to be compared;
   *     null where they are not
   * @param timeout of a whole request, from sent to its last byte
   * @param request what each is like beside its prompt
   * @param environment fills the variables of the headers
   * @param apiKey sent as bearer token and written nowhere
   * @param reconnects how often the rest of a stream that broke off is asked for, at most
   */
  public record Spec(
      URI endpoint,
      Supplier<@Nullable String> host,
      boolean stream,
      Prompts prompts,
      @Nullable Long seed,
      Duration timeout,
      String model,
      LoadRequest request,
      Map<String, String> environment,
      String apiKey,
      int reconnects) {
    /** Named where a drill names no model. */
    public static final String DEFAULT_MODEL = "deepseek-v4-pro";

    /**
     * Each request has a prompt of its own, of about so many tokens by DeepSeek's rule of thumb.
     */
    public Spec(
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
      this(
          endpoint,
          host,
          stream,
          Prompts.once(promptTokens, answerTokens),
          null,
          timeout,
          model,
          request,
          environment,
          apiKey,
          0);
    }

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

    /**
     * As the drill's load says.
     *
     * @throws IllegalArgumentException if a file of prompts cannot be used
     */
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
          new Prompts(load.prompts(), load.seed()),
          load.compared() ? (Long) load.seed() : null,
          load.timeout(),
          Objects.requireNonNullElse(load.model(), DEFAULT_MODEL),
          load.request(),
          environment,
          apiKey,
          load.reconnects());
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
    alike = spec.prompts().alike();
    gzip =
        spec.request().headers().entrySet().stream()
            .anyMatch(header ->
                header.getKey().equalsIgnoreCase("accept-encoding")
                    && header.getValue().strip().equalsIgnoreCase("gzip"));
    api = Api.of(spec.request().preset());
    uri = asked(spec.endpoint(), spec.request().path());
    http =
        new Http1Client(
            loop,
            Origin.of(uri, TlsFiles.context(spec.request().tls())),
            spec.request().connectTimeout(),
            spec.timeout(),
            spec.request().readTimeout());
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
    String path = behind.isEmpty() ? parts[0] : parts[0].replaceAll("/+$", "") + behind;
    return URI.create(parts.length == 1 ? path : path + "?" + parts[1]);
  }

  /** What each request asks. */
  public URI uri() {
    return uri;
  }

  @Override
  public Sending send(String id, Instant intended, Consumer<Request> ended) {
    return attempt(id, id, intended, (row, _) -> ended.accept(row));
  }

  @Override
  public Sending attempt(String id, String as, Instant intended, Attempts.Ended ended) {
    var question = spec.prompts().of(id);
    var asked = api.ask(question, spec);
    var row = new Row(as, asked.stream(), asked.tokens(), intended, prompt(question, asked));
    var bytes = alike && as.equals(id) ? filled(id, asked) : request(as, asked);
    var call =
        new Call(
            row,
            asked,
            spec.request().servedBy(),
            gzip,
            spec.reconnects(),
            (last, number, rest) -> {
              var now = clock.instant();
              var pause = Backoff.before(number - 1, null, now, 0);
              var left = spec.timeout().minus(row.since(now)).minus(pause);
              return left.isPositive()
                  ? http.send(
                      last.isEmpty() ? bytes : RequestBytes.behind(bytes, last), rest, pause, left)
                  : null;
            },
            clock,
            each -> ended.ended(masked(each), row.retryAfter()));
    call.by(http.send(bytes, call));
    return call::cut;
  }

  /** Digest of the body; null where no other request has the same. */
  private static @Nullable String prompt(Question question, ApiRequest asked) {
    var body = question.repeated() ? asked.body().get() : null;
    if (body == null) {
      return null;
    }
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      var digest = sha256.digest(body.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, PROMPT_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
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

  /** An id that stands elsewhere too, or in other words, makes no template. */
  private byte[] filled(String id, ApiRequest asked) {
    var made = template;
    if (made == null || !made.takes(id)) {
      var bytes = request(id, asked);
      made = new RequestTemplate(bytes, id);
      var other = id.substring(1) + (id.endsWith("0") ? "1" : "0");
      if (!Arrays.equals(
          made.with(other), request(other, api.ask(spec.prompts().of(other), spec)))) {
        return bytes;
      }
      template = made;
    }
    return made.with(id);
  }

  private byte[] request(String id, ApiRequest asked) {
    var body = asked.body().get();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("host", host());
    if (body != null) {
      headers.put("content-type", asked.type());
    }
    headers.put("accept", asked.accept());
    headers.put("accept-encoding", "identity");
    headers.putAll(api.headers(spec.request(), spec.apiKey()));
    headers.put("x-request-id", id);
    spec.request()
        .headers()
        .forEach((name, value) ->
            headers.put(
                name.toLowerCase(Locale.ROOT), LoadRequest.filled(value, spec.environment())));
    var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return RequestBytes.of(
        asked.method(),
        path + query,
        headers,
        body == null ? null : body.getBytes(StandardCharsets.UTF_8));
  }

  private synchronized String host() {
    if (!hostAsked) {
      host = spec.host().get();
      hostAsked = true;
    }
    return host != null ? host : uri.getRawAuthority().replaceAll("^.*@", "");
  }
}
