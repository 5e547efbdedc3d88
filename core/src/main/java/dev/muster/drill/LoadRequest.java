package dev.muster.drill;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What each request of the load is like beside its prompt.
 *
 * @param preset whose API it is
 * @param path behind the endpoint, with a slash before it
 * @param headers beside the usual ones, or in their place; a value may have {@code ${NAME}} in it
 *     for a variable of the environment
 * @param body laid over the body of each request, as RFC 7396 has it: a null takes a field out
 * @param servedBy headers of an answer that name the pods that served it, in lower case, in the
 *     order of the answer's way: gateway, then worker
 * @param connectTimeout until a connection stands, handshake of TLS included
 * @param readTimeout how long nothing may come of an answer that is not whole; null where only the
 *     whole request has a timeout
 * @param tls null where Java's own certificates are trusted and none is shown
 * @param http what only preset {@code http} leaves to the drill
 */
public record LoadRequest(
    Preset preset,
    String path,
    Map<String, String> headers,
    Map<String, Object> body,
    List<String> servedBy,
    Duration connectTimeout,
    @Nullable Duration readTimeout,
    @Nullable Tls tls,
    Http http) {
  public static final List<String> SERVED_BY = List.of("x-gateway", "x-served-by");

  public static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

  /** As DeepSeek's API is asked. */
  public static final LoadRequest USUAL =
      new LoadRequest(
          Preset.DEEPSEEK, Preset.DEEPSEEK.path(), Map.of(), Map.of(), SERVED_BY, CONNECT, null);

  /** Of a preset that leaves nothing more to the drill. */
  public LoadRequest(
      Preset preset,
      String path,
      Map<String, String> headers,
      Map<String, Object> body,
      List<String> servedBy,
      Duration connectTimeout,
      @Nullable Tls tls) {
    this(preset, path, headers, body, servedBy, connectTimeout, null, tls, Http.USUAL);
  }

  /** APIs that differ in how they are asked, what they owe and when an answer is complete. */
  public enum Preset {
    DEEPSEEK("/chat/completions", true),
    OPENAI("/chat/completions", true),
    VLLM("/chat/completions", true),
    TGI("/chat/completions", true),
    OLLAMA("/chat/completions", true),
    LLAMACPP("/chat/completions", true),
    OPENAI_RESPONSES("/responses", true),
    ANTHROPIC_MESSAGES("/messages", true),
    EMBEDDINGS("/embeddings", false),
    /** Any service: the drill says what is asked and what a good answer is. */
    HTTP("", false);

    private final String path;
    private final boolean tokens;

    Preset(String path, boolean tokens) {
      this.path = path;
      this.tokens = tokens;
    }

    /** As a drill and a command line name it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * @param word of a preset
     */
    public static Preset of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** DeepSeek's where the word is none. */
    public static Preset orUsual(String word) {
      return Arrays.stream(values())
          .filter(each -> each.word().equals(word))
          .findFirst()
          .orElse(DEEPSEEK);
    }

    /** Where it is asked, behind the endpoint, if nothing else is said. */
    public String path() {
      return path;
    }

    /** Whether its answers are tokens, which may come one after another. */
    public boolean tokens() {
      return tokens;
    }

    @Override
    public String toString() {
      return word();
    }
  }

  /**
   * How a plain HTTP service is asked, and what it should answer.
   *
   * @param text the body as it is sent; null where there is none, or where {@code body} has fields
   */
  public record Http(String method, @Nullable String text, Success success) {
    /** A GET that any 2xx answers. */
    public static final Http USUAL = new Http("GET", null, Success.USUAL);
  }

  /**
   * Files in PEM.
   *
   * @param ca whom to trust; null for those whom Java trusts
   * @param certificate shown to the server, with its key in {@code key}; both or neither
   * @param insecure whether anybody is trusted, whatever the name in the certificate
   */
  public record Tls(
      @Nullable String ca, @Nullable String certificate, @Nullable String key, boolean insecure) {}

  /** The same, and other files for TLS. */
  public LoadRequest with(@Nullable Tls other) {
    return new LoadRequest(
        preset, path, headers, body, servedBy, connectTimeout, readTimeout, other, http);
  }

  /** The same, of whose answers nothing may come for so long at most. */
  public LoadRequest with(Duration silence) {
    return new LoadRequest(
        preset, path, headers, body, servedBy, connectTimeout, silence, tls, http);
  }

  /** How each request asks: POST, or what the drill says. */
  public String method() {
    return preset == Preset.HTTP ? http.method() : "POST";
  }

  /** Names of the variables that the headers need, in their order. */
  public Stream<String> variables() {
    return headers.values().stream()
        .flatMap(value -> VARIABLE.matcher(value).results())
        .map(found -> found.group(1))
        .distinct();
  }

  /**
   * A header's value with its variables filled in.
   *
   * @param environment has each of {@link #variables}
   */
  public static String filled(String value, Map<String, String> environment) {
    return VARIABLE
        .matcher(value)
        .replaceAll(
            found -> Matcher.quoteReplacement(environment.getOrDefault(found.group(1), "")));
  }
}
