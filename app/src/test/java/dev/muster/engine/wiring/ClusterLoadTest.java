package dev.muster.engine.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.Arrivals;
import dev.muster.drill.Drill;
import dev.muster.drill.LoadRequest;
import dev.muster.drill.PromptSource;
import dev.muster.drill.port.LoadCrew;
import dev.muster.engine.home.Refusal;
import dev.muster.engine.run.Abort;
import dev.muster.engine.run.Waiting;
import dev.muster.load.pod.PodReply;
import dev.muster.load.schedule.Schedule;
import dev.muster.load.schedule.Share;
import dev.muster.load.strain.LagHistogram;
import dev.muster.timeline.Event;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against pods that are made up: hours are 20 times as short, threads are real. */
@Timeout(60)
class ClusterLoadTest {
  private static final int PODS = 3;
  private static final Arrivals ARRIVALS = Arrivals.constant(20);
  private static final Drill.Load LOAD =
      new Drill.Load(
          ARRIVALS,
          true,
          1,
          1,
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          1,
          null,
          LoadRequest.USUAL,
          new Drill.InCluster(PODS, null),
          List.of(PromptSource.once(1, 1)),
          false);

  @TempDir Path folder;

  private final FastTime time = new FastTime(20);
  private final Abort abort = new Abort(time);
  private final Queue<Request> ledger = new ConcurrentLinkedQueue<>();
  private final Queue<Event> events = new ConcurrentLinkedQueue<>();
  private final Crew crew = new Crew();

  /** Pods whose clocks differ by minutes, and what became of them. */
  private final class Crew implements LoadCrew {
    private final List<@Nullable Instant> begin = new ArrayList<>();
    private final List<@Nullable Instant> end = new ArrayList<>();
    private volatile int gone = -1;
    private volatile boolean silent;
    private volatile String trouble = "";
    private volatile List<String> never = List.of();
    private volatile Map<String, String> files = Map.of();

    @Override
    public void start(int pods, Map<String, String> given, List<String> avoided) {
      files = given;
      never = avoided;
      for (int i = 0; i < pods; i++) {
        begin.add(null);
        end.add(null);
      }
    }

    @Override
    public Optional<List<Member>> members() {
      List<Member> members = new ArrayList<>();
      for (int part = 0; part < begin.size(); part++) {
        // a replacement has another name
        String name = "load-" + part + (part == gone ? "-again" : "");
        members.add(new Member(part, name, "uid-" + name, "n" + part, trouble, "Running", true));
      }
      return silent ? Optional.empty() : Optional.of(members);
    }

    private Duration behind(int part) {
      return Duration.ofMinutes(part * 7L - 5);
    }

    @Override
    public synchronized String ask(String pod, String query) throws IOException {
      int part = Integer.parseInt(pod.substring("load-".length()).replace("-again", ""));
      if (silent || (part == gone && !pod.endsWith("-again"))) {
        throw new IOException("HTTP 503 no such pod");
      }
      Instant now = time.instant().minus(behind(part));
      for (String each : query.split("&", -1)) {
        if (each.startsWith("start=") && begin.get(part) == null) {
          begin.set(part, Instant.parse(each.substring("start=".length())));
        } else if (each.startsWith("stop=") && end.get(part) == null) {
          end.set(part, now);
        }
      }
      long from = Long.parseLong(query.replaceAll(".*from=(\\d+).*", "$1"));
      List<Request> rows = rows(part, now);
      List<Request> wanted = rows.stream().skip(from).limit(7).toList();
      PodReply.End over =
          end.get(part) == null
              ? null
              : new PodReply.End(
                  rows.size(), List.of(), new LagHistogram().text(), List.of(), null);
      return new PodReply(
              "i" + part, part, now, now, begin.get(part) != null, rows.size(), from, wanted, over)
          .json();
    }

    private List<Request> rows(int part, Instant now) {
      Instant from = begin.get(part);
      Instant until = end.get(part) == null ? now : end.get(part);
      List<Request> rows = new ArrayList<>();
      if (from != null) {
        var share = new Share(part, PODS);
        long number = 0;
        for (var o = Schedule.of(ARRIVALS, 1).offsetsNanos().iterator(); ; number++) {
          Instant at = from.plusNanos(o.nextLong());
          if (at.isAfter(until)) {
            return rows;
          }
          if (share.has(number)) {
            rows.add(row(number, at));
          }
        }
      }
      return rows;
    }
  }

  private static Request row(long number, Instant at) {
    return new Request(
        "r-" + number,
        true,
        at,
        at,
        at,
        null,
        at,
        at,
        at,
        1,
        0,
        List.of(),
        1,
        0,
        200,
        Outcome.COMPLETE,
        null,
        null);
  }

  private ClusterLoad load() {
    return new ClusterLoad(
        LOAD,
        PODS,
        URI.create("http://llm:1/chat/completions"),
        "k",
        crew,
        () ->
            LoadPodInputs.of(
                LOAD, PODS, URI.create("http://llm:1"), null, "r", Map.of(), "k", "token"),
        () -> List.of("victim"),
        (row, _) -> ledger.add(row),
        events::add,
        folder,
        new Waiting(abort, time),
        time);
  }

  private <E extends Event> List<E> told(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static long number(Request row) {
    return Long.parseLong(row.id().substring(2));
  }

  private void rowsAre(long count) {
    assertThat(ledger.stream().map(Request::id).distinct()).hasSize((int) count);
    assertThat(ledger).hasSize((int) count);
  }

  @Test
  void whatThreePodsSendIsOneLoadOnTheEnginesClock() throws InterruptedException {
    try (var load = load()) {
      load.start();
      time.sleep(Duration.ofSeconds(10));
      assertThat(load.errorRatio(Duration.ofSeconds(5))).isZero();
      assertThat(load.line()).contains("ok 100%");
      load.stop(Duration.ofSeconds(1));
    }
    assertThat(told(Event.LoadPodLost.class)).isEmpty();
    assertThat(told(Event.LoadPodEnded.class)).extracting(e -> e.part()).containsOnly(0, 1, 2);
    rowsAre(told(Event.LoadEnded.class).getFirst().scheduled());
    Instant began = told(Event.LoadStarted.class).getFirst().stamp().at();
    var offsets = Schedule.of(ARRIVALS, 1).offsetsNanos().limit(150).toArray();
    ledger.stream()
        .filter(r -> number(r) < 150)
        .sorted(Comparator.comparingLong(ClusterLoadTest::number))
        .forEach(r ->
            assertThat(Duration.between(began.plusNanos(offsets[(int) number(r)]), r.intended()))
                .isBetween(Duration.ofMillis(-200), Duration.ofMillis(200)));
    assertThat(crew.never).containsExactly("victim");
    assertThat(crew.files).containsOnlyKeys("order.json");
  }

  @Test
  void aPodThatIsGoneIsLostAndWhatItShouldHaveSentIsMissed() throws InterruptedException {
    try (var load = load()) {
      load.start();
      time.sleep(Duration.ofSeconds(5));
      crew.gone = 1;
      time.sleep(Duration.ofSeconds(10));
      assertThat(load.line()).contains("1 LOAD PODS LOST");
      load.stop(Duration.ofSeconds(1));
    }
    assertThat(told(Event.LoadPodLost.class))
        .singleElement()
        .satisfies(e -> {
          assertThat(e.pod()).isEqualTo("load-1");
          assertThat(e.why()).isEqualTo("it is gone: somebody deleted it, or its node");
        });
    assertThat(told(Event.LoadPodEnded.class)).extracting(e -> e.part()).containsOnly(0, 2);
    assertThat(told(Event.LoadEnded.class).getFirst().scheduled() - ledger.size())
        .as("about 10 s of a third of 20/s")
        .isBetween(40L, 120L);
  }

  @Test
  void anApiServerThatIsAwayForAWhileCostsNoRow() throws InterruptedException {
    try (var load = load()) {
      load.start();
      time.sleep(Duration.ofSeconds(3));
      crew.silent = true;
      time.sleep(Duration.ofSeconds(20));
      crew.silent = false;
      load.stop(Duration.ofSeconds(1));
    }
    assertThat(told(Event.LoadPodLost.class)).isEmpty();
    rowsAre(told(Event.LoadEnded.class).getFirst().scheduled());
  }

  @Test
  void onesThatNeverAnswerAgainAreLost() throws InterruptedException {
    try (var load = load()) {
      load.start();
      time.sleep(Duration.ofSeconds(3));
      crew.silent = true;
      load.stop(Duration.ofSeconds(1));
    }
    assertThat(told(Event.LoadPodLost.class))
        .hasSize(PODS)
        .allSatisfy(e ->
            assertThat(e.why()).isEqualTo("the rest of its rows could not be fetched within 91 s"));
    assertThat(told(Event.LoadEnded.class)).hasSize(1);
  }

  @Test
  void podsThatCanNotBeginRefuseTheRun() {
    crew.trouble = "ErrImagePull no such image";
    try (var load = load()) {
      assertThatThrownBy(load::start)
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("the load's pods can not begin: ErrImagePull no such image")
          .hasMessageContaining("pod load-0: Running");
    }
    assertThat(events).isEmpty();
  }

  @Test
  void anAbortEndsTheWaitForThem() throws InterruptedException {
    crew.silent = true;
    abort.request("Ctrl-C");
    try (var load = load()) {
      load.start();
      load.stop(Duration.ofSeconds(1));
    }
    assertThat(events).isEmpty();
  }
}
