package dev.muster.cli;

import dev.muster.cli.load.FailOn;
import dev.muster.cli.load.LoadOptions;
import dev.muster.cli.load.LoadReport;
import dev.muster.cli.load.LoadResult;
import dev.muster.cli.terminal.Output;
import dev.muster.cli.terminal.Signals;
import dev.muster.drill.Drill;
import dev.muster.drill.field.DurationText;
import dev.muster.drill.time.RealTime;
import dev.muster.drill.time.Time;
import dev.muster.engine.console.Console;
import dev.muster.load.ChatClient;
import dev.muster.load.LoadGenerator;
import dev.muster.load.LoadTotals;
import dev.muster.load.Retrying;
import dev.muster.load.api.HttpChatClient;
import dev.muster.load.api.TlsFiles;
import dev.muster.load.http.Loop;
import dev.muster.load.http.Origin;
import dev.muster.load.schedule.Schedule;
import dev.muster.load.stats.HistogramFile;
import dev.muster.load.strain.Canary;
import dev.muster.source.Trouble;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    header = "Asks a service for streams, and tells what became of each request.",
    description = {
      "%nThe load of a drill without the drill: open loop, every answer judged, the generator's"
          + " own lateness told. URL is the API's, without /chat/completions. The API key is taken"
          + " from DEEPSEEK_API_KEY, or from a --header.%n",
      "  muster load http://127.0.0.1:8000/v1 --preset vllm --rate 5/s --for 2m",
      "  muster load https://llm.example.com/v1 --preset openai --ramp 1/s,20/s,5m \\",
      "      --fail-on 'errors>1%%' --fail-on 'ttft.p99>2s'%n"
    },
    footer =
        "%nExit codes: 0, 1 if a bound of --fail-on holds, 2 if the generator itself was late or a"
            + " bound can not be judged, 64 wrong usage.")
final class LoadCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Parameters(paramLabel = "URL", description = "http or https, as a drill's target.endpoint.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private URI url;

  @Mixin private final LoadOptions options = new LoadOptions();

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      converter = Length.class,
      description = "How long requests are sent; default: 30s, or as long as ramp, steps or trace.")
  private @Nullable Duration lasting;

  @Option(
      names = "--fail-on",
      paramLabel = "BOUND",
      converter = FailOn.Reader.class,
      description =
          "Exit code 1 where it holds, any number of times: errors or lost with a percentage, ttft,"
              + " total or gap as in 'ttft.p99>500ms', tokens as in 'tokens<100/s'.")
  private FailOn[] failOn = {};

  @Option(
      names = "--retries",
      paramLabel = "N",
      description =
          "Ask again as OpenAI's SDKs do (they: 2 times) and tell what users have in the end"
              + " beside what became of each first attempt; default: 0.")
  private int retries;

  @Option(
      names = "--hdr",
      paramLabel = "FILE",
      description = "Write the times into a log of HdrHistogram, by the second.")
  private @Nullable Path hdr;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write a page for a browser, such as load.html.")
  private @Nullable Path report;

  @Option(
      names = "--language",
      paramLabel = "CODE",
      description = "Of the report: en (default) or zh.")
  private Language language = Language.en;

  @Option(names = "--output", paramLabel = "FORMAT", description = "text (default) or json.")
  private Output output = Output.text;

  enum Language {
    en,
    zh
  }

  private static final int MOST_RETRIES = 10;

  /** Of requests that failed at the very end, with the usual two retries. */
  private static final Duration LAST_RETRIES = Duration.ofMinutes(2);

  private static final Duration USUAL = Duration.ofSeconds(30);

  private final Time.Signal ended = RealTime.TIME.signal();

  @Override
  public Integer call() throws Exception {
    var asked = asked();
    var account = new LoadTotals();
    try (var console = Main.console(output == Output.json);
        var loop = new Loop("load-sockets");
        var canary = new Canary(loop, RealTime.TIME);
        var histograms = histograms();
        var page = page();
        var client = client(asked, loop, canary, account)) {
      var schedule = Schedule.of(asked.arrivals(), asked.seed());
      Consumer<Request> rows =
          row -> {
            if (counts(row)) {
              account.add(row);
              if (histograms != null) {
                histograms.add(row, RealTime.TIME.instant());
              }
              if (page != null) {
                page.add(row);
              }
            }
          };
      var generator = generator(client, schedule, canary, rows);
      generate(generator, console, lasting(asked, schedule), asked.timeout());
      client.finish(ended.raised() ? Duration.ZERO : LAST_RETRIES);
      if (histograms != null) {
        histograms.finish(RealTime.TIME.instant());
      }
      var bounds = Stream.of(failOn).map(bound -> bound.judge(account)).toList();
      var told =
          LoadResult.of(account.told(), canary.late(), canary.lagMillis(99), bounds, notes());
      if (page != null) {
        page.finish(told, LoadReport.asked(spec, url), generator.recent(), canary, language.name());
      }
      System.out.println(
          output == Output.json
              ? new JsonMapper().writeValueAsString(told)
              : String.join("\n", told.lines()));
      return told.exitCode().code();
    }
  }

  private List<String> notes() {
    var users = options.users();
    return users == null
        ? List.of()
        : List.of(
            "closed loop of "
                + users
                + " users: who waits does not ask, so that times and errors look better than they"
                + " are (coordinated omission)");
  }

  private @Nullable LoadReport page() {
    try {
      return report == null ? null : new LoadReport(report, RealTime.TIME);
    } catch (IOException e) {
      throw unwritable("--report", report, e);
    }
  }

  private ParameterException unwritable(String option, @Nullable Path file, IOException e) {
    return new ParameterException(
        spec.commandLine(), option + ": " + file + " can not be written: " + Trouble.why(e), e);
  }

  private @Nullable HistogramFile histograms() {
    try {
      return hdr == null ? null : new HistogramFile(hdr, RealTime.TIME.instant());
    } catch (IOException e) {
      throw unwritable("--hdr", hdr, e);
    }
  }

  private Retrying client(Drill.Load asked, Loop loop, Canary canary, LoadTotals account) {
    var client =
        new HttpChatClient(
            HttpChatClient.Spec.of(asked, url, () -> null, System.getenv(), apiKey()),
            loop,
            RealTime.TIME);
    return new Retrying(
        client,
        retries,
        asked.seed(),
        RealTime.TIME,
        canary,
        _ -> {},
        felt -> {
          if (retries > 0 && counts(felt.last())) {
            account.add(felt);
          }
        });
  }

  private LoadGenerator generator(
      ChatClient client, Schedule schedule, Canary canary, Consumer<Request> rows) {
    var prefix = "load-" + ProcessHandle.current().pid();
    var users = options.users();
    return users == null
        ? new LoadGenerator(client, schedule, RealTime.TIME, canary, rows, prefix)
        : LoadGenerator.closed(client, users, RealTime.TIME, canary, rows, prefix);
  }

  /** A trace is over with its last request, whatever was asked for. */
  private Duration lasting(Drill.Load asked, Schedule schedule) {
    var trace = schedule.length().map(length -> length.plusMillis(1));
    var itself = trace.or(() -> asked.arrivals().length()).orElse(USUAL);
    return lasting == null
        ? itself
        : trace.filter(length -> length.compareTo(lasting) < 0).orElse(lasting);
  }

  /** What was under way when the user had enough is nobody's failure. */
  private boolean counts(Request row) {
    return !(ended.raised() && row.outcome() == Outcome.TIMED_OUT);
  }

  private void generate(LoadGenerator generator, Console console, Duration length, Duration timeout)
      throws InterruptedException {
    Signals.listen(this::heard, "INT", "TERM");
    console.phase("load", length);
    console.live(generator.recent()::line);
    generator.start();
    boolean cut = ended.await(length);
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

  private Drill.Load asked() {
    if (retries < 0 || retries > MOST_RETRIES) {
      throw new ParameterException(
          spec.commandLine(), "--retries must be from 0 to " + MOST_RETRIES);
    }
    try {
      var load = options.load(url, System.getenv());
      Origin.of(url, TlsFiles.context(null));
      return load;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static String apiKey() {
    return Objects.requireNonNullElse(System.getenv("DEEPSEEK_API_KEY"), "muster");
  }

  private static final class Length implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return DurationText.parse(text)
          .filter(Duration::isPositive)
          .orElseThrow(() -> new TypeConversionException("a duration such as 90s, not " + text));
    }
  }
}
