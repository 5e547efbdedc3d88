package dev.muster.engine.wiring;

import dev.muster.drill.Drill;
import dev.muster.engine.run.Ports;
import dev.muster.engine.run.Recorder;
import dev.muster.engine.run.RunState;
import dev.muster.load.LoadGenerator;
import dev.muster.load.Retrying;
import dev.muster.load.api.HttpChatClient;
import dev.muster.load.http.Loop;
import dev.muster.load.schedule.Schedule;
import dev.muster.load.strain.Canary;
import dev.muster.load.strain.Strain;
import dev.muster.timeline.Event;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.file.Ledger;
import dev.muster.timeline.file.SeriesFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The clients of a run: rows to the ledger, and the first good token of each replacement. */
final class RealLoad implements Ports.Load {
  /** The reference service takes any. */
  static final String ANY_KEY = "muster";

  /** So long users of requests that failed at the very end may wait for their next attempt. */
  private static final Duration LAST_RETRIES = Duration.ofSeconds(15);

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Drill.Load asked;
  private final InstantSource clock;
  private final Loop loop;
  private final Canary canary;
  private final Strain strain;
  private final Path folder;
  private final HttpChatClient client;
  private final Retrying users;
  private final LoadGenerator generator;
  private final Recorder recorder;
  private final Instant began;

  /**
   * @param url where the clients go
   * @param host by which name; null where the URL has it
   * @param run its id, unique, begins every request's
   * @param folder of the run; gets what the generator tells of itself
   */
  RealLoad(
      Drill drill,
      Drill.Load asked,
      URI url,
      Supplier<@Nullable String> host,
      String run,
      Path folder,
      RunState state,
      Recorder recorder,
      Ledger ledger,
      InstantSource clock) {
    this.asked = asked;
    this.recorder = recorder;
    this.clock = clock;
    this.folder = folder;
    began = clock.instant();
    loop = new Loop("load-sockets");
    canary = canary(loop, clock);
    strain = new Strain(clock);
    client =
        new HttpChatClient(
            HttpChatClient.Spec.of(asked, url, host, System.getenv(), apiKey()), loop, clock);
    var firstGoodTokens = new FirstGoodTokens(drill.target().namespace(), state, recorder);
    Consumer<Request> rows =
        row -> {
          ledger.append(row);
          firstGoodTokens.look(row, Duration.ZERO);
        };
    users =
        new Retrying(client, asked.retries(), asked.seed(), clock, canary, ledger::append, _ -> {});
    generator =
        new LoadGenerator(
            users, Schedule.of(asked.arrivals(), asked.seed()), clock, canary, rows, run);
  }

  private static Canary canary(Loop loop, InstantSource clock) {
    try {
      return new Canary(loop, clock);
    } catch (IOException e) {
      loop.close();
      throw new UncheckedIOException("nothing can be served on loopback for the load's canary", e);
    }
  }

  /** As DeepSeek's own tools take it. */
  static String apiKey() {
    return Objects.requireNonNullElse(System.getenv("DEEPSEEK_API_KEY"), ANY_KEY);
  }

  @Override
  public void start() {
    recorder.accept(
        new Event.LoadStarted(
            Stamp.engine(clock.instant()), asked.seed(), asked.arrivals().toString()));
    generator.start();
  }

  @Override
  public String line() {
    return generator.recent().line();
  }

  @Override
  public double errorRatio(Duration last) {
    return generator.recent().errorRatio(last);
  }

  @Override
  public Optional<Ports.Failed> failed(Duration last) {
    return generator
        .recent()
        .failure(last)
        .map(f ->
            new Ports.Failed(
                FailureSummary.of(f, asked.request().method(), client.uri(), apiKey()),
                f.lasting()));
  }

  @Override
  public void stop(Duration atMost) throws InterruptedException {
    LoadGenerator.Summary summary = generator.stop(atMost);
    users.finish(atMost.plus(LAST_RETRIES));
    for (var late : canary.late()) {
      recorder.accept(
          new Event.GeneratorLate(
              Stamp.engine(late.to()),
              late.from(),
              Duration.between(late.from(), late.to()),
              late.lag()));
    }
    recorder.accept(
        new Event.LoadEnded(
            Stamp.engine(clock.instant()),
            summary.scheduled(),
            summary.sendLagP99Millis(),
            summary.sendLagMaxMillis(),
            new Event.CanaryLag(canary.events(), canary.lagMillis(99), canary.lagMillis(100))));
    new SeriesFile(began, clock.instant(), SECOND, lines()).add(folder);
  }

  /** What the generator tells of itself, in milliseconds by the second. */
  private List<SeriesFile.Line> lines() {
    return List.of(
        line("load_lag", "send", generator.recent().lagBySecond()),
        line("load_lag", "receive", canary.lagBySecond()),
        line("load_strain", "gc", strain.gcBySecond()),
        line("load_strain", "steal", strain.stealBySecond()));
  }

  private static SeriesFile.Line line(String name, String of, List<SeriesFile.Point> points) {
    return new SeriesFile.Line(name, Map.of("of", of), points);
  }

  @Override
  public void close() {
    users.close();
    strain.close();
    canary.close();
    loop.close();
  }
}
