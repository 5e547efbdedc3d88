package dev.muster.cli;

import dev.muster.drill.Drill.Arrivals;
import dev.muster.drill.DurationText;
import dev.muster.drill.LoadRequest;
import dev.muster.drill.RealTime;
import dev.muster.drill.Time;
import dev.muster.engine.Console;
import dev.muster.load.Canary;
import dev.muster.load.HttpChatClient;
import dev.muster.load.LoadAccount;
import dev.muster.load.LoadGenerator;
import dev.muster.load.Schedule;
import dev.muster.load.TlsFiles;
import dev.muster.load.http.Loop;
import dev.muster.load.http.Origin;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    header = "Asks a service for streams at a steady rate, and tells what became of each request.",
    description = {
      "%nThe load of a drill without the drill: open loop, every answer judged, the generator's"
          + " own lateness told. URL is the API's, without /chat/completions. The API key is taken"
          + " from DEEPSEEK_API_KEY, or from a --header.%n",
      "  muster load http://127.0.0.1:8000/v1 --preset vllm --rate 5/s --for 2m",
      "  muster load https://llm.example.com/v1 --preset openai --max-errors 1%%%n"
    },
    footer =
        "%nExit codes: 0, 1 if more failed than --max-errors allows, 2 if the generator itself was"
            + " late or nothing was answered to judge by, 64 wrong usage.")
final class LoadCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Parameters(paramLabel = "URL", description = "http or https, as a drill's target.endpoint.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private URI url;

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      converter = Rate.class,
      description = "Requests a second, such as 10/s; default: 1/s.")
  private double rate = 1;

  @Option(names = "--constant", description = "Equal pauses between requests, not random ones.")
  private boolean constant;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      converter = Length.class,
      description = "How long requests are sent; default: 30s.")
  private Duration lasting = Duration.ofSeconds(30);

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = Length.class,
      description = "Of a whole request; default: 60s.")
  private Duration timeout = Duration.ofSeconds(60);

  @Option(names = "--model", paramLabel = "NAME", description = "As the API names it.")
  private String model = HttpChatClient.Spec.DEFAULT_MODEL;

  @Option(
      names = "--preset",
      paramLabel = "API",
      description = "deepseek (default), openai, vllm, tgi, ollama or llamacpp.")
  private LoadRequest.Preset preset = LoadRequest.Preset.DEEPSEEK;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "Behind the URL; default: /chat/completions.")
  private String path = LoadRequest.USUAL.path();

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

  @Option(names = "--prompt-tokens", paramLabel = "N", description = "Of each request; 200.")
  private int promptTokens = 200;

  @Option(names = "--answer-tokens", paramLabel = "N", description = "At most; 120.")
  private int answerTokens = 120;

  @Option(names = "--no-stream", description = "One JSON body in place of a stream.")
  private boolean whole;

  @Option(
      names = "--served-by",
      paramLabel = "HEADER",
      description = "Of an answer, names the pod that served it; any number of times.")
  private List<String> servedBy = LoadRequest.SERVED_BY;

  @Option(names = "--ca", paramLabel = "FILE", description = "Whom to trust, in PEM.")
  private @Nullable String ca;

  @Option(names = "--insecure", description = "Trusts anybody, as curl -k.")
  private boolean insecure;

  @Option(names = "--seed", paramLabel = "N", description = "The same gives the same arrivals; 1.")
  private long seed = 1;

  @Option(
      names = "--max-errors",
      paramLabel = "PERCENT",
      converter = Percent.class,
      description = "Exit code 1 if a larger share failed; any may, if left out.")
  private @Nullable Double maxErrors;

  @Option(names = "--output", paramLabel = "FORMAT", description = "text (default) or json.")
  private Output output = Output.text;

  private final Time.Signal ended = RealTime.TIME.signal();

  @Override
  public Integer call() throws Exception {
    var account = new LoadAccount();
    try (var console = Main.console(output == Output.json);
        var loop = new Loop("load-sockets");
        var canary = new Canary(loop, RealTime.TIME)) {
      var client = new HttpChatClient(asked(), loop, RealTime.TIME);
      var arrivals =
          new Arrivals(constant ? Arrivals.Pattern.CONSTANT : Arrivals.Pattern.POISSON, rate);
      var generator =
          new LoadGenerator(
              client,
              new Schedule(arrivals, seed),
              RealTime.TIME,
              canary,
              row -> count(row, account),
              "load-" + ProcessHandle.current().pid());
      generate(generator, console);
      var told = LoadTold.of(account.told(), canary.late(), canary.lagMillis(99), maxErrors);
      System.out.println(
          output == Output.json
              ? new JsonMapper().writeValueAsString(told)
              : String.join("\n", told.lines()));
      return told.exitCode().code();
    }
  }

  /** What was under way when the user had enough is nobody's failure. */
  private void count(Request row, LoadAccount account) {
    if (!(ended.raised() && row.outcome() == Outcome.TIMED_OUT)) {
      account.add(row);
    }
  }

  private void generate(LoadGenerator generator, Console console) throws InterruptedException {
    Signals.listen(this::heard, "INT", "TERM");
    console.phase("load", lasting);
    console.live(generator.recent()::line);
    generator.start();
    boolean cut = ended.await(lasting);
    console.phase("last answers", Duration.ZERO);
    generator.stop(cut ? Duration.ZERO : timeout.plusSeconds(1));
  }

  /** The first ends the load and tells; the second ends at once. */
  private void heard(int signal) {
    if (ended.raised()) {
      Runtime.getRuntime().halt(128 + signal);
    }
    ended.raise();
  }

  private HttpChatClient.Spec asked() {
    var tls = ca == null && !insecure ? null : new LoadRequest.Tls(ca, null, null, insecure);
    var request =
        new LoadRequest(preset, path, named(), patch(), servedBy, Duration.ofSeconds(3), tls);
    request
        .variables()
        .filter(name -> System.getenv(name) == null)
        .findFirst()
        .ifPresent(name -> {
          throw wrong("--header needs the environment variable " + name + ", which is not set");
        });
    try {
      TlsFiles.context(tls);
      Origin.of(url, TlsFiles.context(null));
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
    return new HttpChatClient.Spec(
        url,
        () -> null,
        !whole,
        promptTokens,
        answerTokens,
        timeout,
        model,
        request,
        System.getenv(),
        Objects.requireNonNullElse(System.getenv("DEEPSEEK_API_KEY"), "muster"));
  }

  private Map<String, String> named() {
    Map<String, String> all = new LinkedHashMap<>();
    for (var header : headers) {
      int colon = header.indexOf(':');
      if (colon <= 0) {
        throw wrong("--header wants 'NAME: VALUE', not '" + header + "'");
      }
      all.put(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
    }
    return all;
  }

  private Map<String, Object> patch() {
    try {
      return body == null
          ? Map.of()
          : JsonMapper.shared().readValue(body, new TypeReference<Map<String, Object>>() {});
    } catch (JacksonException e) {
      throw wrong("--body is no JSON object: " + e.getOriginalMessage());
    }
  }

  private ParameterException wrong(String why) {
    return new ParameterException(spec.commandLine(), why);
  }

  private static final class Rate implements ITypeConverter<Double> {
    @Override
    public Double convert(String text) {
      return number(text, "/s", "a rate such as 10/s");
    }
  }

  private static final class Percent implements ITypeConverter<Double> {
    @Override
    public Double convert(String text) {
      return number(text, "%", "a share such as 1%");
    }
  }

  private static final class Length implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return DurationText.parse(text)
          .filter(Duration::isPositive)
          .orElseThrow(() -> new TypeConversionException("a duration such as 90s, not " + text));
    }
  }

  private static double number(String text, String unit, String wanted) {
    try {
      double number = Double.parseDouble(text.replaceFirst(unit + "$", ""));
      boolean inside = unit.equals("%") ? number >= 0 && number <= 100 : number > 0;
      if (text.endsWith(unit) && inside && number <= 10_000) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new TypeConversionException(wanted + ", not " + text);
  }
}
