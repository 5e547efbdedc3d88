package dev.muster.engine;

import dev.muster.drill.Drill;
import dev.muster.load.Canary;
import dev.muster.load.HttpChatClient;
import dev.muster.load.LoadGenerator;
import dev.muster.load.Schedule;
import dev.muster.load.http.Loop;
import dev.muster.timeline.Event;
import dev.muster.timeline.Ledger;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The clients of a run: rows to the ledger, and the first good token of each replacement. */
final class RealLoad implements Ports.Load {
  /** The reference service takes any. */
  static final String ANY_KEY = "muster";

  private final Drill drill;
  private final Drill.Load asked;
  private final InstantSource clock;
  private final Loop loop;
  private final Canary canary;
  private final HttpChatClient client;
  private final LoadGenerator generator;
  private final Recorder recorder;
  private final Set<ObjectRef> served = ConcurrentHashMap.newKeySet();

  /**
   * @param url where the clients go
   * @param host by which name; null where the URL has it
   * @param run its id, unique, begins every request's
   */
  RealLoad(
      Drill drill,
      Drill.Load asked,
      URI url,
      Supplier<@Nullable String> host,
      String run,
      RunState state,
      Recorder recorder,
      Ledger ledger,
      InstantSource clock) {
    this.drill = drill;
    this.asked = asked;
    this.recorder = recorder;
    this.clock = clock;
    loop = new Loop("load-sockets");
    canary = canary(loop, clock);
    client =
        new HttpChatClient(
            HttpChatClient.Spec.of(asked, url, host, System.getenv(), apiKey()), loop, clock);
    Consumer<Request> rows =
        row -> {
          ledger.append(row);
          firstGoodToken(row, state);
        };
    generator =
        new LoadGenerator(
            client, new Schedule(asked.arrivals(), asked.seed()), clock, canary, rows, run);
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
  private static String apiKey() {
    return Objects.requireNonNullElse(System.getenv("DEEPSEEK_API_KEY"), ANY_KEY);
  }

  private void firstGoodToken(Request row, RunState state) {
    Instant token = row.firstToken();
    if (token == null || !row.answered()) {
      return;
    }
    for (String pod : row.pods()) {
      var named = new ObjectRef.Pod(drill.target().namespace(), pod, null);
      var replacement =
          state.objects(Milestone.REPLACEMENT_CREATED).stream().filter(named::is).findFirst();
      if (replacement.isPresent() && served.add(replacement.get())) {
        recorder.accept(
            new Event.MilestoneReached(
                new Stamp(token, "client", null, Duration.ZERO),
                Milestone.FIRST_GOOD_TOKEN,
                new ObjectRef.Request(row.id()),
                Map.of("pod", replacement.get().text())));
        return;
      }
    }
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
        .map(f -> new Ports.Failed(FailureWords.of(f, client.uri(), apiKey()), f.lasting()));
  }

  @Override
  public void stop(Duration atMost) throws InterruptedException {
    LoadGenerator.Summary summary = generator.stop(atMost);
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
            summary.sendLagMaxMillis()));
  }

  @Override
  public void close() {
    canary.close();
    loop.close();
  }
}
