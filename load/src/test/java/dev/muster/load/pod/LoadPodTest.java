package dev.muster.load.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.muster.drill.Arrivals;
import dev.muster.drill.Drill;
import dev.muster.drill.LoadRequest;
import dev.muster.drill.PromptSource;
import dev.muster.load.MergedLoad;
import dev.muster.load.schedule.Schedule;
import dev.muster.timeline.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three pods in one process, each with a clock of its own, and a service that is always busy. */
@Timeout(60)
class LoadPodTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final int PODS = 3;

  private final HttpClient http = HttpClient.newHttpClient();

  private static LoadPodConfig order(int port) {
    return order("http://127.0.0.1:" + port, Arrivals.poisson(300));
  }

  private static LoadPodConfig order(String endpoint, Arrivals arrivals) {
    Map<String, Object> body = new HashMap<>();
    body.put("thinking", null);
    body.put("temperature", 0);
    return new LoadPodConfig(
        new Drill.Load(
            arrivals,
            true,
            20,
            10,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            7,
            "m",
            new LoadRequest(
                LoadRequest.Preset.VLLM,
                "/chat/completions",
                Map.of("x-team", "${TEAM}"),
                body,
                List.of("x-pod"),
                Duration.ofSeconds(3),
                new LoadRequest.Tls("/etc/ca.pem", null, null, false)),
            new Drill.InCluster(PODS, endpoint),
            List.of(PromptSource.once(20, 10)),
            false),
        endpoint,
        null,
        "run",
        PODS,
        Map.of("TEAM", "a"),
        "a secret key",
        "token");
  }

  @Test
  void anOrderIsReadAsItWasWritten() {
    for (var arrivals :
        List.of(Arrivals.poisson(3), new Arrivals.Trace("/etc/t.csv", null, Arrivals.Unit.MS))) {
      var order = order("http://x:1/v1", arrivals);
      assertThat(LoadPodConfig.read(order.json())).isEqualTo(order);
      assertThat(order.toString()).doesNotContain("secret", "token");
    }
  }

  @Test
  void threePodsSendWhatOneWouldAndAllComesHome() throws Exception {
    var busy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    busy.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          var body =
              "{\"error\": {\"message\": \"busy\"}}"
                  .getBytes(java.nio.charset.StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("content-type", "application/json");
          exchange.sendResponseHeaders(503, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    busy.start();
    var rows = new ArrayList<Request>();
    var merged = new MergedLoad(CLOCK, 7);
    var pods = new ArrayList<LoadPod>();
    var feeds = new ArrayList<PodFeed>();
    try {
      for (int part = 0; part < PODS; part++) {
        var clock = Clock.offset(CLOCK, Duration.ofSeconds(100L * part - 70));
        var order = order(busy.getAddress().getPort());
        var plain =
            new LoadPodConfig(
                withoutTls(order.load()),
                order.endpoint(),
                null,
                "run",
                PODS,
                order.environment(),
                order.apiKey(),
                order.token());
        pods.add(
            new LoadPod(
                plain, part, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), clock));
        feeds.add(
            new PodFeed(
                part,
                (row, _) -> {
                  rows.add(row);
                  merged.add(row);
                }));
      }
      for (int i = 0; i < 5; i++) {
        askAll(pods, feeds, "");
      }
      var begin = CLOCK.instant().plusMillis(200);
      for (int part = 0; part < PODS; part++) {
        ask(pods, feeds, part, "&start=" + feeds.get(part).onPod(begin, CLOCK.instant()));
      }
      await()
          .until(() -> {
            askAll(pods, feeds, "");
            return rows.size() > 100;
          });
      await()
          .until(() -> {
            askAll(pods, feeds, "&stop=2000");
            return feeds.stream().allMatch(PodFeed::over);
          });
      assertThat(feeds).allSatisfy(f -> assertThat(f.why()).isNull());
      scheduleIsKept(rows, begin, feeds);
      assertThat(merged.recent().line()).contains("lost 0");
    } finally {
      pods.forEach(LoadPod::close);
      busy.stop(0);
    }
  }

  /** Up to where the first of them stopped, every request is there, at its time. */
  private static void scheduleIsKept(List<Request> rows, Instant begin, List<PodFeed> feeds) {
    rows.sort(Comparator.comparingLong(LoadPodTest::number));
    assertThat(rows).extracting(Request::id).doesNotHaveDuplicates();
    long each = feeds.stream().mapToLong(PodFeed::wanted).min().orElseThrow();
    int all = (int) (each * PODS);
    var offsets = Schedule.of(Arrivals.poisson(300), 7).offsetsNanos().limit(all).toArray();
    for (int n = 0; n < all; n++) {
      var row = rows.get(n);
      assertThat(number(row)).isEqualTo(n);
      assertThat(Duration.between(begin.plusNanos(offsets[n]), row.intended()).abs())
          .isLessThan(feeds.get(n % PODS).uncertainty().plusMillis(1).multipliedBy(2));
    }
  }

  private static long number(Request row) {
    return Long.parseLong(row.id().substring("run-".length()));
  }

  private static Drill.Load withoutTls(Drill.Load load) {
    return new Drill.Load(
        load.arrivals(),
        load.stream(),
        load.promptTokens(),
        load.answerTokens(),
        load.baseline(),
        load.timeout(),
        load.seed(),
        load.model(),
        LoadRequest.USUAL,
        load.inCluster(),
        load.prompts(),
        load.compared());
  }

  private void askAll(List<LoadPod> pods, List<PodFeed> feeds, String more)
      throws IOException, InterruptedException {
    for (int part = 0; part < PODS; part++) {
      ask(pods, feeds, part, more);
    }
  }

  private void ask(List<LoadPod> pods, List<PodFeed> feeds, int part, String more)
      throws IOException, InterruptedException {
    var feed = feeds.get(part);
    var sent = CLOCK.instant();
    var answer = get(pods.get(part), "?from=" + feed.wanted() + more, "token");
    feed.take(PodReply.read(answer), sent, CLOCK.instant());
  }

  private String get(LoadPod pod, String query, String token)
      throws IOException, InterruptedException {
    var response =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + pod.port() + "/" + query))
                .header(LoadPod.TOKEN, token)
                .build(),
            BodyHandlers.ofString());
    return response.statusCode() == 200 ? response.body() : "HTTP " + response.statusCode();
  }

  @Test
  void whoDoesNotKnowTheTokenIsToldNothing() throws Exception {
    var order = order("http://127.0.0.1:1", Arrivals.poisson(1));
    var plain =
        new LoadPodConfig(
            withoutTls(order.load()), order.endpoint(), null, "run", PODS, Map.of(), "k", "token");
    try (var pod =
        new LoadPod(plain, 0, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), CLOCK)) {
      assertThat(get(pod, "?from=0", "toke")).isEqualTo("HTTP 403");
      assertThat(get(pod, "?from=x", "token")).isEqualTo("HTTP 400");
      assertThat(get(pod, "?from=0", "token")).contains("\"started\":false");
    }
  }
}
