import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.OperatingSystemMXBean;
import dev.muster.drill.Arrivals;
import dev.muster.load.strain.Canary;
import dev.muster.load.ChatClient;
import dev.muster.load.api.HttpChatClient;
import dev.muster.load.LoadGenerator;
import dev.muster.load.schedule.Schedule;
import dev.muster.load.http.Loop;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import tools.jackson.databind.json.JsonMapper;

/**
 * Muster's load for bench/load: one line of JSON, and a file of rows for the comparison with the
 * server's journal. Figures but requests, outcomes and chunks are of the window after the warm-up,
 * in which classes are loaded and compiled.
 *
 * <p>Arguments: URL, requests a second, max_tokens, seconds of load, of warm-up, of the window, of
 * each request's timeout, file of rows.
 */
final class MusterLoad {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final JsonMapper JSON = new JsonMapper();

  private MusterLoad() {}

  public static void main(String[] args) throws Exception {
    double rate = Double.parseDouble(args[1]);
    int tokens = Integer.parseInt(args[2]);
    var load = seconds(args[3]);
    var warmup = seconds(args[4]);
    var window = seconds(args[5]);
    var timeout = seconds(args[6]);
    var rows = new ConcurrentLinkedQueue<Request>();
    var ballast = ballast();
    var pauses = pauses();
    try (var loop = new Loop("load-sockets");
        var canary = new Canary(loop, CLOCK)) {
      var client = client(loop, URI.create(args[0]), tokens, timeout);
      var schedule = Schedule.of(Arrivals.constant(rate), 1);
      var generator = new LoadGenerator(client, schedule, CLOCK, canary, rows::add, "muster");
      var from = CLOCK.instant().plus(warmup);
      generator.start();
      Thread.sleep(warmup);
      double cpu = cpuSeconds();
      pauses.clear();
      Thread.sleep(window);
      cpu = cpuSeconds() - cpu;
      var paused = List.copyOf(pauses);
      long resident = residentMiB("VmRSS");
      Thread.sleep(load.minus(warmup).minus(window));
      generator.stop(timeout);
      write(Path.of(args[7]), rows);
      var within =
          rows.stream()
              .filter(r -> !r.intended().isBefore(from) && r.intended().isBefore(from.plus(window)))
              .toList();
      var told = new LinkedHashMap<String, Object>();
      told.put("requests", rows.size());
      told.put("outcomes", rows.stream().collect(groupingBy(r -> r.outcome().name(), counting())));
      told.put("complete", rows.stream().filter(r -> r.outcome() == Outcome.COMPLETE).count());
      told.put("chunks", rows.stream().mapToLong(Request::tokens).sum());
      told.put("cpuSeconds", cpu);
      told.put("sendLagMillis", spread(within, Request::sent));
      told.put("ttftMillis", spread(within, Request::firstToken));
      told.put("canaryLagMillis", Map.of("p99", canary.lagMillis(99), "max", canary.lagMillis(100)));
      told.put("memoryMiB", resident);
      told.put("peakMemoryMiB", residentMiB("VmHWM"));
      told.put("late", canary.late().size());
      told.put("lateMaxMillis", canary.late().stream().mapToLong(l -> l.lag().toMillis()).max().orElse(0));
      told.put("ballast", ballast.size());
      told.put("gcPauses", paused.size());
      told.put("gcPausesMillis", paused.stream().mapToLong(each -> each).sum());
      told.put("gcPauseMaxMillis", paused.stream().mapToLong(each -> each).max().orElse(0));
      System.out.println(JSON.writeValueAsString(told));
    }
  }

  /** All that this bench knows of Muster's client; the rest is its generator and its rows. */
  private static ChatClient client(Loop loop, URI endpoint, int tokens, Duration timeout) {
    var spec =
        new HttpChatClient.Spec(
            endpoint, () -> null, true, 100, tokens, timeout, HttpChatClient.Spec.DEFAULT_MODEL);
    return new HttpChatClient(spec, loop, CLOCK);
  }

  /** So many objects for a collection to go through, and take its time. */
  private static List<List<Integer>> ballast() {
    int size = Integer.parseInt(System.getenv().getOrDefault("BENCH_BALLAST", "0"));
    List<List<Integer>> all = new ArrayList<>(size);
    for (int n = 0; n < size; n++) {
      all.add(List.of(n, -n));
    }
    return all;
  }

  private static Duration seconds(String text) {
    return Duration.ofNanos((long) (Double.parseDouble(text) * 1e9));
  }

  private static double cpuSeconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        / 1e9;
  }

  /** Pauses of the collector in milliseconds, as they come. */
  private static List<Long> pauses() {
    List<Long> pauses = Collections.synchronizedList(new ArrayList<>());
    for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector)
          .addNotificationListener(
              (event, _) ->
                  pauses.add(
                      GarbageCollectionNotificationInfo.from((CompositeData) event.getUserData())
                          .getGcInfo()
                          .getDuration()),
              event ->
                  event
                      .getType()
                      .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION),
              null);
    }
    return pauses;
  }

  private static long residentMiB(String name) throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      var line = lines.filter(each -> each.startsWith(name + ":")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10;
    }
  }

  /** From the intended time to another in milliseconds, of those rows that have it. */
  private static Map<String, Double> spread(List<Request> rows, Function<Request, Instant> to) {
    double[] millis =
        rows.stream()
            .filter(row -> to.apply(row) != null)
            .mapToDouble(row -> Duration.between(row.intended(), to.apply(row)).toNanos() / 1e6)
            .sorted()
            .toArray();
    int last = millis.length - 1;
    return last < 0
        ? Map.of()
        : Map.of("p50", millis[last / 2], "p99", millis[last * 99 / 100], "max", millis[last]);
  }

  private static void write(Path file, Iterable<Request> rows) throws IOException {
    try (var out = Files.newBufferedWriter(file)) {
      for (var row : rows) {
        var told = new LinkedHashMap<String, Object>();
        told.put("id", row.id());
        told.put("intended", nanos(row.intended()));
        told.put("sent", nanos(row.sent()));
        told.put("first", nanos(row.firstToken()));
        told.put("last", nanos(row.lastToken()));
        told.put("outcome", row.outcome());
        out.write(JSON.writeValueAsString(told));
        out.newLine();
      }
    }
  }

  /** Of the wall clock; 0 for what did not happen. */
  private static long nanos(Instant at) {
    return at == null ? 0 : at.getEpochSecond() * 1_000_000_000 + at.getNano();
  }
}
