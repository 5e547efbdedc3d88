package dev.muster.engine.wiring;

import dev.muster.drill.Drill;
import dev.muster.drill.port.LoadCrew;
import dev.muster.drill.port.LoadCrew.Member;
import dev.muster.drill.time.Time;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Refusal;
import dev.muster.engine.run.Ports;
import dev.muster.engine.run.Waiting;
import dev.muster.load.MergedLoad;
import dev.muster.load.pod.PodFeed;
import dev.muster.load.pod.PodReply;
import dev.muster.load.schedule.Schedule;
import dev.muster.load.schedule.Share;
import dev.muster.load.strain.LagHistogram;
import dev.muster.timeline.Event;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.file.SeriesFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * A load that pods in the cluster send, each its share of the one schedule. Their rows are fetched
 * all the time; where the API server is away they are fetched after it. A pod that is gone, or
 * whose rows do not all come, is told as lost.
 */
final class ClusterLoad implements Ports.Load {
  /** Their image may have to be pulled. */
  static final Duration COMING = Duration.ofMinutes(8);

  /** Between the word and the beginning: each pod is told at least twice. */
  static final Duration NOTICE = Duration.ofSeconds(2);

  /** For the last rows, beside what requests may take. */
  static final Duration HOME = Duration.ofSeconds(90);

  /** So well the clock of each is to be known before anything is sent, if it can be had. */
  private static final Duration CLOCK = Duration.ofMillis(50);

  private static final Duration CLOCKS = Duration.ofSeconds(20);
  private static final Duration STEP = Duration.ofMillis(500);

  /** One pod of it, from when it is known. */
  private record Sender(Member member, PodFeed feed) {}

  private final Drill.Load asked;
  private final int pods;
  private final URI uri;
  private final String apiKey;
  private final LoadCrew crew;
  private final Supplier<LoadPodInputs> order;
  private final Supplier<List<String>> never;
  private final BiConsumer<Request, Duration> rows;
  private final Consumer<Event> recorder;
  private final MergedLoad merged;
  private final Path folder;
  private final Waiting waiting;
  private final Time time;
  private final List<Sender> senders = new ArrayList<>();
  private final List<Time.Work> work = new ArrayList<>();
  private volatile @Nullable Instant begin;
  private volatile @Nullable Duration stop;

  /**
   * @param uri that each request asks
   * @param order asked once, when the service is there
   * @param never nodes on which no pod of it may stand
   * @param folder of the run; gets what the generators tell of themselves
   * @param rows gets each, and by how much its times may be off, either way
   */
  ClusterLoad(
      Drill.Load asked,
      int pods,
      URI uri,
      String apiKey,
      LoadCrew crew,
      Supplier<LoadPodInputs> order,
      Supplier<List<String>> never,
      BiConsumer<Request, Duration> rows,
      Consumer<Event> recorder,
      Path folder,
      Waiting waiting,
      Time time) {
    this.asked = asked;
    this.pods = pods;
    this.uri = uri;
    this.apiKey = apiKey;
    this.crew = crew;
    this.order = order;
    this.never = never;
    this.recorder = recorder;
    this.folder = folder;
    this.waiting = waiting;
    this.time = time;
    merged = new MergedLoad(time, asked.seed());
    this.rows =
        (row, off) -> {
          merged.add(row);
          rows.accept(row, off);
        };
  }

  @Override
  public void start() throws InterruptedException {
    crew.start(pods, order.get().files(), never.get());
    var end = waiting.until(this::allThere, COMING);
    if (end == Waiting.End.TIMED_OUT) {
      throw refused("did not all begin within " + COMING.toMinutes() + " min");
    }
    if (end == Waiting.End.MET) {
      end = waiting.until(this::clocksKnown, CLOCKS);
    }
    if (end == Waiting.End.ABORTED) {
      return;
    }
    Instant at = time.instant().plus(NOTICE);
    begin = at;
    for (Sender each : senders) {
      work.add(time.start("load-" + each.member().pod(), () -> fetch(each)));
    }
    time.sleep(Duration.between(time.instant(), at));
    recorder.accept(
        new Event.LoadStarted(Stamp.engine(at), asked.seed(), asked.arrivals().toString()));
  }

  private Refusal refused(String why) {
    String states =
        crew.members().stream()
            .flatMap(List::stream)
            .map(m -> "pod %s: %s".formatted(m.pod(), m.state()))
            .collect(Collectors.joining("\n  "));
    return new Refusal(
        ExitCode.ENVIRONMENT, "the load's pods " + why + ", no fault was injected:\n  " + states);
  }

  /** Every part has a pod that answers. */
  private boolean allThere() {
    List<Member> members = crew.members().orElse(List.of());
    for (Member each : members) {
      if (!each.trouble().isEmpty()) {
        throw refused("can not begin: " + each.trouble());
      }
      boolean known = senders.stream().anyMatch(s -> s.member().part() == each.part());
      if (each.running() && !known && each.part() >= 0 && each.part() < pods) {
        var sender = new Sender(each, new PodFeed(each.part(), rows));
        if (asked(sender)) {
          senders.add(sender);
        }
      }
    }
    return senders.size() == pods;
  }

  private boolean clocksKnown() {
    senders.forEach(this::asked);
    return senders.stream().allMatch(s -> s.feed().ready(CLOCK, time.instant()));
  }

  /** Whether it answered. */
  private boolean asked(Sender of) {
    try {
      ask(of);
      return true;
    } catch (IOException | JacksonException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Asks once, and takes what comes; how many rows that were. */
  private int ask(Sender of) throws IOException, InterruptedException {
    var feed = of.feed();
    var query = new StringBuilder("from=").append(feed.wanted());
    Instant at = begin;
    if (at != null && !feed.started()) {
      query.append("&start=").append(feed.onPod(at, time.instant()));
    }
    Duration patience = stop;
    if (patience != null) {
      query.append("&stop=").append(patience.toMillis());
    }
    Instant sent = time.instant();
    var reply = PodReply.read(crew.ask(of.member().pod(), query.toString()));
    feed.take(reply, sent, time.instant());
    return reply.rows().size();
  }

  private void fetch(Sender of) {
    var feed = of.feed();
    try {
      while (!feed.over()) {
        int came = 0;
        try {
          came = ask(of);
        } catch (IOException e) {
          gone(of);
        } catch (JacksonException e) {
          feed.lost("what it answered is none of ours: " + e.getOriginalMessage());
        }
        merged.scheduled(senders.stream().mapToLong(s -> s.feed().scheduled()).sum());
        if (!feed.over() && came == 0) {
          time.sleep(STEP);
        }
      }
    } catch (InterruptedException e) {
      feed.lost("Muster was interrupted");
    } catch (RuntimeException e) { // the ledger cannot be written, which ends the run
      feed.lost("its rows could not be kept: " + e.getMessage());
    }
    told(of);
  }

  /** One that does not answer may be cut off for a while; one that is gone is lost. */
  private void gone(Sender of) {
    crew.members()
        .ifPresent(members ->
            members.stream()
                .filter(m -> m.uid().equals(of.member().uid()))
                .findFirst()
                .ifPresentOrElse(
                    m -> {
                      if (!m.trouble().isEmpty()) {
                        of.feed().lost(m.trouble());
                      }
                    },
                    () -> of.feed().lost("it is gone: somebody deleted it, or its node")));
  }

  private void told(Sender of) {
    var feed = of.feed();
    var member = of.member();
    String why = feed.why();
    Instant now = time.instant();
    recorder.accept(
        why == null
            ? new Event.LoadPodEnded(
                Stamp.engine(now),
                member.part(),
                member.pod(),
                member.node(),
                feed.wanted(),
                feed.ahead(now),
                feed.uncertainty())
            : new Event.LoadPodLost(
                Stamp.engine(now), member.part(), member.pod(), member.node(), feed.wanted(), why));
  }

  @Override
  public String line() {
    long lost = senders.stream().filter(s -> s.feed().why() != null).count();
    return merged.recent().line() + (lost == 0 ? "" : ", " + lost + " LOAD PODS LOST");
  }

  @Override
  public double errorRatio(Duration last) {
    return merged.recent().errorRatio(last);
  }

  @Override
  public Optional<Ports.Failed> failed(Duration last) {
    return merged
        .recent()
        .failure(last)
        .map(f ->
            new Ports.Failed(
                FailureSummary.of(f, asked.request().method(), uri, apiKey), f.lasting()));
  }

  @Override
  public void stop(Duration atMost) throws InterruptedException {
    Instant ended = time.instant();
    Instant began = begin;
    if (began == null) {
      return;
    }
    stop = atMost;
    var deadline = time.in(atMost.plus(HOME));
    boolean interrupted = false;
    while (!deadline.over() && senders.stream().anyMatch(s -> !s.feed().over())) {
      try {
        time.sleep(Duration.ofMillis(100));
      } catch (InterruptedException e) {
        interrupted = true;
        break;
      }
    }
    for (Sender each : senders) {
      each.feed()
          .lost(
              "the rest of its rows could not be fetched within %d s"
                  .formatted(atMost.plus(HOME).toSeconds()));
    }
    for (Time.Work each : work) {
      interrupted |= !joined(each);
    }
    senders.forEach(this::late);
    var summary = merged.summary();
    recorder.accept(
        new Event.LoadEnded(
            Stamp.engine(time.instant()),
            scheduled(began, ended),
            summary.sendLagP99Millis(),
            summary.sendLagMaxMillis(),
            canary()));
    new SeriesFile(began, time.instant(), Duration.ofSeconds(1), lines()).add(folder);
    if (interrupted) {
      throw new InterruptedException("interrupted while the load was ending");
    }
  }

  private Event.CanaryLag canary() {
    var lags = new LagHistogram();
    senders.forEach(s -> s.feed().lags().ifPresent(lags::add));
    return new Event.CanaryLag(lags.count(), lags.millis(99), lags.millis(100));
  }

  /** In milliseconds by the second: what was sent late of all, what each pod read late. */
  private List<SeriesFile.Line> lines() {
    var lines = new ArrayList<SeriesFile.Line>();
    lines.add(new SeriesFile.Line("load_lag", Map.of("of", "send"), merged.recent().lagBySecond()));
    for (Sender each : senders) {
      var points = each.feed().lagBySecond(time.instant());
      if (!points.isEmpty()) {
        lines.add(
            new SeriesFile.Line(
                "load_lag", Map.of("of", "receive", "pod", each.member().pod()), points));
      }
    }
    return lines;
  }

  private boolean joined(Time.Work each) {
    try {
      return each.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Of a pod that was lost, what the schedule gave it to send until now. */
  private long scheduled(Instant began, Instant ended) {
    long all =
        senders.stream().filter(s -> s.feed().whole()).mapToLong(s -> s.feed().wanted()).sum();
    if (senders.stream().allMatch(s -> s.feed().whole())) {
      return all;
    }
    long until = Duration.between(began, ended).toNanos();
    var lost =
        senders.stream()
            .filter(s -> !s.feed().whole())
            .map(s -> new Share(s.member().part(), pods))
            .toList();
    long number = 0;
    var offsets = Schedule.of(asked.arrivals(), asked.seed()).offsetsNanos().iterator();
    while (offsets.hasNext() && offsets.nextLong() <= until) {
      long n = number++;
      all += lost.stream().anyMatch(share -> share.has(n)) ? 1 : 0;
    }
    return all;
  }

  private void late(Sender of) {
    for (var late : of.feed().late(time.instant())) {
      recorder.accept(
          new Event.GeneratorLate(
              new Stamp(
                  late.to(),
                  Objects.requireNonNull(of.member().pod()),
                  null,
                  of.feed().uncertainty()),
              late.from(),
              Duration.between(late.from(), late.to()),
              late.lag()));
    }
  }

  @Override
  public void close() {
    work.forEach(Time.Work::interrupt);
  }
}
