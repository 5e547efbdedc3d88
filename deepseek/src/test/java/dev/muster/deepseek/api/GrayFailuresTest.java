package dev.muster.deepseek.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.chat.Usage;
import dev.muster.deepseek.worker.Worker;
import dev.muster.deepseek.worker.WorkerConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One of two workers fails in a way that its health does not tell: no client has less for it. */
@EnabledIf(value = "etcdInstalled", disabledReason = "/usr/bin/etcd is missing: etcd-server")
class GrayFailuresTest {
  private static final String TOKEN = "t";
  private static final int STREAMS = 6;
  private static final int WHOLE = 2;

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static LocalEtcd etcd;
  private static Worker bad;
  private static Worker good;
  private static Gateway gateway;

  static boolean etcdInstalled() {
    return LocalEtcd.installed();
  }

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    etcd = new LocalEtcd(folder);
    bad = worker("bad");
    good = worker("good");
    gateway =
        QuietGateway.start(
            etcd.endpoint(),
            Map.of(
                "SLOW_START",
                "0s",
                "EJECT_TIME",
                "100ms",
                // A busy machine that stands still must not make both workers suspect
                "FIRST_TOKEN_TIMEOUT",
                "3s",
                "TOKEN_TIMEOUT",
                "3s",
                "TOKEN_TIMEOUT_FLOOR",
                "3s"));
    await().until(() -> get("/health").contains("\"workers\":2"));
  }

  private static Log quiet() {
    return new Log(new PrintStream(PrintStream.nullOutputStream()), InstantSource.system(), "", "");
  }

  private static Worker worker(String pod) {
    var environment =
        Map.of(
            "HOST", "127.0.0.1",
            "PORT", "0",
            "POD_NAME", pod,
            "ETCD_ENDPOINTS", etcd.endpoint(),
            "MODEL_LOAD_SECONDS", "0",
            "DECODE_TOKENS_PER_SECOND", "100",
            "FAULTS_TOKEN", TOKEN);
    return Worker.start(WorkerConfig.from(environment), InstantSource.system(), quiet());
  }

  @AfterAll
  static void stop() {
    gateway.drain(Duration.ZERO);
    bad.drain(Duration.ZERO);
    good.drain(Duration.ZERO);
    etcd.close();
    CLIENT.close();
  }

  /** The next one begins with two workers that are trusted. */
  @AfterEach
  void allIsWell() throws Exception {
    for (var fault : Json.parse(faults("GET", "", "")).path("faults")) {
      faults("DELETE", "/" + fault.path("id").asString(""), "");
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          var metrics = get("/metrics");
          return metrics.contains("deepseek_api_workers 2")
              && metrics.contains("deepseek_api_workers_ejected 0");
        });
  }

  private static String get(String path) throws IOException, InterruptedException {
    return CLIENT.send(request(gateway.port(), path).build(), BodyHandlers.ofString()).body();
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private static String faults(String method, String path, String body) throws Exception {
    return CLIENT
        .send(
            request(bad.port(), "/faults" + path)
                .header("x-fault-token", TOKEN)
                .method(method, BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString())
        .body();
  }

  private static void fail(String failure, String more) throws Exception {
    var body =
        "{\"id\":\"%s\",\"failure\":\"%s\",\"ttl_ms\":60000%s}".formatted(failure, failure, more);
    assertThat(faults("POST", "", body)).contains("\"affected\":");
  }

  private static int affected(String failure) throws Exception {
    for (var fault : Json.parse(faults("GET", "", "")).path("faults")) {
      if (fault.path("id").asString("").equals(failure)) {
        return fault.path("affected").asInt(-1);
      }
    }
    return -1;
  }

  private static String ask(String prompt, boolean stream) throws Exception {
    var body =
        "{\"model\":\"deepseek-v4-pro\",\"stream\":%s,\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(stream, ResumingTest.TOKENS, prompt);
    var request = request(gateway.port(), "/chat/completions").POST(BodyPublishers.ofString(body));
    return CLIENT.send(request.build(), BodyHandlers.ofString()).body();
  }

  /** All at once, so that both workers have some of them. */
  private static void assertAllAreWhole(String name) throws Exception {
    var answers = new ArrayList<FutureTask<String>>();
    for (int i = 0; i < STREAMS + WHOLE; i++) {
      var prompt = name + i;
      var stream = i < STREAMS;
      var answer = new FutureTask<>(() -> ask(prompt, stream));
      answers.add(answer);
      Thread.ofVirtual().start(answer);
    }
    for (int i = 0; i < STREAMS + WHOLE; i++) {
      if (i < STREAMS) {
        ResumingTest.assertWhole(name + i, data(answers.get(i).get()));
      } else {
        assertWhole(name + i, answers.get(i).get());
      }
    }
  }

  private static List<String> data(String body) {
    return body.lines().filter(l -> l.startsWith("data: ")).map(l -> l.substring(6)).toList();
  }

  private static void assertWhole(String prompt, String body) {
    var answer = Json.parse(body);
    var message = answer.at("/choices/0/message");
    assertThat(
            message.path("reasoning_content").asString("") + message.path("content").asString(""))
        .as(prompt)
        .isEqualTo(ResumingTest.expected(prompt));
    assertThat(answer.at("/choices/0/finish_reason").asString("")).isEqualTo("length");
    assertThat(Usage.of(answer.path("usage")).completion()).isEqualTo(ResumingTest.TOKENS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stuck-decode |",
        "slow-decode | ,'factor':3",
        "truncation |",
        "truncation | ,'after_tokens':0",
        "truncation | ,'after_tokens':60",
        "reset |",
        "reset | ,'after_tokens':30",
        "no-done |",
        "error-in-band |",
        "keep-alive-only |",
        "lying-health |",
        "cache-lost |",
        "slow-load | ,'factor':1",
      })
  void everyAnswerIsWholeAndRight(String failure, String more) throws Exception {
    fail(failure, more == null ? "" : more.replace('\'', '"'));
    assertAllAreWhole(failure);
    assertThat(affected(failure)).as("answers that it harmed").isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stuck-decode", "reset", "keep-alive-only", "slow-load"})
  void whatBeganBeforeTheFaultIsWholeToo(String failure) throws Exception {
    fail("slow-decode", ",\"factor\":20"); // so that it lasts
    var answers = new ArrayList<FutureTask<String>>();
    for (int i = 0; i < STREAMS; i++) {
      var prompt = "before " + failure + i;
      answers.add(new FutureTask<>(() -> ask(prompt, true)));
    }
    answers.forEach(Thread.ofVirtual()::start);
    await().until(() -> affected("slow-decode") >= 2);
    fail(failure, "");
    for (int i = 0; i < STREAMS; i++) {
      ResumingTest.assertWhole("before " + failure + i, data(answers.get(i).get()));
    }
    assertThat(affected(failure)).isPositive();
  }

  /** Its pages are good, its completions are not: these alone count. */
  @Test
  void aWorkerWhoseHealthLiesIsLeftAloneUntilItAnswers() throws Exception {
    fail("lying-health", "");
    assertAllAreWhole("lies");
    await().until(() -> get("/metrics").contains("deepseek_api_workers_ejected 1"));
    assertThat(served("after").keySet()).as("who answers").containsExactly("good");
    allIsWell();
    await().until(() -> served("again").containsKey("bad"));
  }

  /** Which worker answered so many requests. */
  private static Map<String, Long> served(String prompt) throws Exception {
    var pods = new ArrayList<String>();
    for (int i = 0; i < 4; i++) {
      var body =
          "{\"model\":\"deepseek-v4-pro\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"%s %d\"}]}"
              .formatted(prompt, i);
      var request = request(gateway.port(), "/chat/completions");
      var response =
          CLIENT.send(
              request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.discarding());
      assertThat(response.statusCode()).isEqualTo(200);
      pods.add(response.headers().firstValue("x-served-by").orElseThrow());
    }
    return pods.stream().collect(Collectors.groupingBy(p -> p, Collectors.counting()));
  }
}
