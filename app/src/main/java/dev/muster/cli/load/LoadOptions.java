package dev.muster.cli.load;

import dev.muster.cli.doctor.LoadNeed;
import dev.muster.drill.Drill;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What a load asks and when: the fields of a drill's {@code load} as options. */
public final class LoadOptions {
  @ArgGroup private LoadArrivals arrivals = new LoadArrivals();

  @Option(names = "--constant", description = "Equal pauses between requests, not random ones.")
  private boolean constant;

  @Option(
      names = "--trace-column",
      paramLabel = "NAME",
      description = "Has the times of a trace; default: timestamp, in any case.")
  private @Nullable String column;

  @Option(
      names = "--trace-unit",
      paramLabel = "UNIT",
      description = "Of times that are numbers: s (default) or ms.")
  private @Nullable String unit;

  @Option(
      names = "--reconnects",
      paramLabel = "N",
      description =
          "Ask for the rest of a stream that breaks off, with Last-Event-ID, at most so often;"
              + " default: 0.")
  private @Nullable Integer reconnects;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "Of a whole request; default: 60s.")
  private @Nullable String timeout;

  @Option(
      names = "--connect-timeout",
      paramLabel = "DURATION",
      description = "Until a connection stands, with its TLS; default: 3s.")
  private @Nullable String connect;

  @Option(
      names = "--read-timeout",
      paramLabel = "DURATION",
      description =
          "How long nothing may come of an answer, a comment of its stream counts;"
              + " default: --timeout.")
  private @Nullable String read;

  @Option(names = "--model", paramLabel = "NAME", description = "As the API names it.")
  private @Nullable String model;

  @Option(
      names = "--preset",
      paramLabel = "API",
      description =
          "deepseek (default), openai, vllm, tgi, ollama, llamacpp, openai-responses,"
              + " anthropic-messages, embeddings or http.")
  private String preset = "deepseek";

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "Behind the URL; default: that of the preset, such as /chat/completions.")
  private @Nullable String path;

  @Option(
      names = "--header",
      paramLabel = "'NAME: VALUE'",
      description =
          "One more header, any number of times; variables of the environment as in a drill.")
  private String[] headers = {};

  @Option(
      names = "--body",
      paramLabel = "JSON",
      description = "Laid over the body of each request; null takes a field out.")
  private @Nullable String body;

  @Option(names = "--method", paramLabel = "NAME", description = "With preset http; default: GET.")
  private @Nullable String method;

  @Option(
      names = "--expect-status",
      paramLabel = "STATUS",
      split = ",",
      description = "With preset http, of a good answer, such as 200 or 2xx (default).")
  private @Nullable List<String> status;

  @Option(
      names = "--expect-json",
      paramLabel = "JSON",
      description = "With preset http, values by JSON pointer, such as {\"/status\": \"ok\"}.")
  private @Nullable String json;

  @Option(
      names = "--expect-text",
      paramLabel = "TEXT",
      description = "With preset http, is in the body of a good answer.")
  private @Nullable String contains;

  @Option(
      names = "--expect-within",
      paramLabel = "DURATION",
      description = "With preset http, from its sending to the end of a good answer.")
  private @Nullable String within;

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      description = "One prompt a line, in JSON, asked again and again; else made-up ones.")
  private @Nullable String prompts;

  @Option(names = "--prompt-tokens", paramLabel = "N", description = "Of each request; 200.")
  private @Nullable Integer promptTokens;

  @Option(names = "--answer-tokens", paramLabel = "N", description = "At most; 120.")
  private @Nullable Integer answerTokens;

  @Option(names = "--no-stream", description = "One JSON body in place of a stream.")
  private boolean whole;

  @Option(
      names = "--served-by",
      paramLabel = "HEADER",
      description = "Of an answer, names the pod that served it; any number of times.")
  private @Nullable List<String> servedBy;

  @Option(names = "--ca", paramLabel = "FILE", description = "Whom to trust, in PEM.")
  private @Nullable String ca;

  @Option(names = "--cert", paramLabel = "FILE", description = "Shown to the server, in PEM.")
  private @Nullable String certificate;

  @Option(names = "--key", paramLabel = "FILE", description = "Of --cert, PKCS#8 in PEM.")
  private @Nullable String key;

  @Option(names = "--insecure", description = "Trusts anybody, as curl -k.")
  private boolean insecure;

  @Option(names = "--seed", paramLabel = "N", description = "The same gives the same arrivals; 1.")
  private @Nullable Long seed;

  /** Users of a closed loop; null of an open one. */
  public @Nullable Integer users() {
    return arrivals.users;
  }

  /** With the arrivals of a drill, also where these are of a closed loop and not used. */
  public Drill.Load load(URI url, Map<String, String> environment) {
    var load = text(url).read();
    LoadNeed.check(
        load,
        environment,
        (pointer, why) -> {
          throw new IllegalArgumentException(option(pointer) + why);
        });
    if (arrivals.users != null && (arrivals.users < 1 || arrivals.users > 20_000)) {
      throw new IllegalArgumentException("--concurrency must be from 1 to 20000");
    }
    return load;
  }

  private static String option(String pointer) {
    return pointer.startsWith("/load/prompts")
        ? "--prompts: "
        : pointer.endsWith("headers") ? "--header: " : "--ca, --cert, --key: ";
  }

  private LoadText text(URI url) {
    var pattern = constant ? "constant" : "poisson";
    if (arrivals.trace == null && (column != null || unit != null)) {
      throw new IllegalArgumentException("--trace-column and --trace-unit are of a --trace");
    }
    if (constant && (arrivals.trace != null || arrivals.users != null)) {
      throw new IllegalArgumentException("--constant is of a rate, not of " + arrivals.option());
    }
    return new LoadText(url.toString())
        .load(
            arrivals.option(),
            "arrivals",
            arrivals.yaml(pattern, column, unit == null ? "s" : unit))
        .load("--no-stream", "stream", whole ? "false" : null)
        .load("--prompt-tokens", "prompt", tokens(promptTokens))
        .load("--answer-tokens", "answer", tokens(answerTokens))
        .load(
            "--prompts",
            "prompts",
            prompts == null ? null : "[{file: " + LoadText.quoted(prompts) + "}]")
        .load("--reconnects", "reconnects", reconnects == null ? null : reconnects.toString())
        .load("--timeout", "timeout", quoted(timeout))
        .load("--model", "model", quoted(model))
        .load("--seed", "seed", seed == null ? null : seed.toString())
        .request()
        .request("--preset", "preset", quoted(preset))
        .request("--path", "path", quoted(path))
        .request("--header", "headers", headers.length == 0 ? null : json(named()))
        .request("--body", "body", body == null ? null : body(body))
        .request("--method", "method", quoted(method))
        .request("--expect-…", "success", success())
        .request("--served-by", "servedBy", servedBy == null ? null : json(servedBy))
        .request("--connect-timeout", "connectTimeout", quoted(connect))
        .request("--read-timeout", "readTimeout", quoted(read))
        .request("--ca, --cert, --key, --insecure", "tls", tls());
  }

  /** With preset http it may be any text. */
  private String body(String text) {
    return preset.equals("http") && !text.strip().startsWith("{")
        ? LoadText.quoted(text)
        : json(object("--body", text));
  }

  private @Nullable String success() {
    Map<String, Object> success = new LinkedHashMap<>();
    put(success, "status", status == null ? null : status.stream().map(LoadOptions::code).toList());
    put(success, "json", json == null ? null : object("--expect-json", json));
    put(success, "contains", contains);
    put(success, "within", within);
    return success.isEmpty() ? null : json(success);
  }

  /** A number where it is one. */
  private static Object code(String status) {
    return status.matches("[0-9]{1,9}") ? Integer.valueOf(status) : status;
  }

  private @Nullable String tls() {
    if (ca == null && certificate == null && key == null && !insecure) {
      return null;
    }
    Map<String, Object> tls = new LinkedHashMap<>();
    put(tls, "ca", ca);
    put(tls, "certificate", certificate);
    put(tls, "key", key);
    put(tls, "insecure", insecure ? true : null);
    return json(tls);
  }

  private static void put(Map<String, Object> map, String name, @Nullable Object value) {
    if (value != null) {
      map.put(name, value);
    }
  }

  private static @Nullable String tokens(@Nullable Integer count) {
    return count == null ? null : "{tokens: " + count + "}";
  }

  private static @Nullable String quoted(@Nullable String text) {
    return text == null ? null : LoadText.quoted(text);
  }

  private static String json(Object value) {
    return JsonMapper.shared().writeValueAsString(value);
  }

  private Map<String, String> named() {
    Map<String, String> all = new LinkedHashMap<>();
    for (var header : headers) {
      int colon = header.indexOf(':');
      if (colon <= 0) {
        throw new IllegalArgumentException("--header wants 'NAME: VALUE', not '" + header + "'");
      }
      all.put(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
    }
    return all;
  }

  private static Map<String, Object> object(String option, String text) {
    try {
      return JsonMapper.shared().readValue(text, new TypeReference<Map<String, Object>>() {});
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          option + " is no JSON object: " + e.getOriginalMessage(), e);
    }
  }
}
