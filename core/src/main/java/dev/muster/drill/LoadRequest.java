package dev.muster.drill;

import java.time.Duration;
import java.util.List;
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
 * @param tls null where Java's own certificates are trusted and none is shown
 */
public record LoadRequest(
    Preset preset,
    String path,
    Map<String, String> headers,
    Map<String, Object> body,
    List<String> servedBy,
    Duration connectTimeout,
    @Nullable Tls tls) {
  static final String CHAT = "/chat/completions";
  public static final List<String> SERVED_BY = List.of("x-gateway", "x-served-by");

  static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

  /** As DeepSeek's API is asked. */
  public static final LoadRequest USUAL =
      new LoadRequest(Preset.DEEPSEEK, CHAT, Map.of(), Map.of(), SERVED_BY, CONNECT, null);

  /** APIs that speak in chat completions and differ in what they take and owe. */
  public enum Preset {
    DEEPSEEK,
    OPENAI,
    VLLM,
    TGI,
    OLLAMA,
    LLAMACPP
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
