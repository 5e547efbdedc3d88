package dev.muster.deepseek.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.chat.TokenChain;
import dev.muster.deepseek.wire.chat.Usage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What each failure does to answers of a real worker, with and without stream. */
class HarmTest {
  private static final String PROMPT = "tell me";
  private static final int TOKENS = 20;
  private static FaultyWorker worker;

  @BeforeAll
  static void start() {
    worker = new FaultyWorker(Map.of()).loaded();
  }

  @AfterAll
  static void stop() {
    worker.close();
  }

  /** None harms longer than it is told to. */
  @AfterEach
  void endAll() throws Exception {
    for (var fault : Json.parse(worker.faults("GET", "", "").body()).path("faults")) {
      worker.end(fault.path("id").asString(""));
    }
    var sound = ask(true);
    assertThat(FaultyWorker.tokens(sound)).isEqualTo(chain(PROMPT, TOKENS));
    assertThat(FaultyWorker.data(sound)).endsWith("[DONE]");
  }

  private static String ask(boolean stream) throws IOException, InterruptedException {
    return worker.ask(PROMPT, TOKENS, stream).body();
  }

  private static List<String> chain(String prompt, int tokens) {
    var chain = new TokenChain(prompt);
    return IntStream.range(0, tokens).mapToObj(_ -> chain.next()).toList();
  }

  private static void assertBeginning(String body, int tokens) {
    assertThat(FaultyWorker.tokens(body)).isEqualTo(chain(PROMPT, tokens));
    assertThat(body).doesNotContain("[DONE]").doesNotContain("\"finish_reason\":\"");
  }

  @Test
  void aTruncatedStreamEndsCleanlyAfterSoManyTokens() throws Exception {
    worker.fail("truncation", "");
    assertBeginning(ask(true), 5);
    worker.end("truncation");
    worker.fail("truncation", ",\"after_tokens\":0");
    assertBeginning(ask(true), 0);
    worker.end("truncation");
    worker.fail("truncation", ",\"after_tokens\":20");
    assertBeginning(ask(true), TOKENS);
    assertThat(worker.affected()).isEqualTo(1);
    worker.end("truncation");
    worker.fail("truncation", ",\"after_tokens\":21");
    assertThat(ask(true)).as("it has fewer").contains("[DONE]");
    assertThat(worker.affected()).isZero();
  }

  @Test
  void aTruncatedBodyIsHalfOfOne() throws Exception {
    worker.fail("truncation", "");
    var half = ask(false).strip();
    worker.end("truncation");
    var whole = ask(false).strip();
    assertThat(half).startsWith("{\"id\"").hasSize(whole.length() / 2);
  }

  @Test
  void aResetIsOne() throws Exception {
    worker.fail("reset", "");
    for (var stream : new boolean[] {true, false}) {
      assertThatThrownBy(() -> ask(stream))
          .as("stream %b", stream)
          .isInstanceOf(IOException.class)
          .hasStackTraceContaining("Connection reset");
    }
    assertThat(worker.affected()).isEqualTo(2);
    await().until(() -> worker.log().contains("\"outcome\":\"failed\",\"status\":200"));
  }

  @Test
  void withoutDoneAllElseIsThere() throws Exception {
    worker.fail("no-done", "");
    var data = FaultyWorker.data(ask(true));
    var last = Json.parse(data.getLast());
    assertThat(last.at("/choices/0/finish_reason").asString("")).isEqualTo("length");
    assertThat(Usage.of(last.path("usage")).completion()).isEqualTo(TOKENS);
    assertThat(Json.parse(ask(false)).path("usage").path("total_tokens").asInt()).isEqualTo(22);
    assertThat(worker.affected()).as("a body has no such event").isEqualTo(1);
  }

  @Test
  void anErrorInBandIsTheLastThatIsSaid() throws Exception {
    worker.fail("error-in-band", ",\"after_tokens\":3");
    var data = FaultyWorker.data(ask(true));
    assertThat(FaultyWorker.tokens("data: " + String.join("\ndata: ", data)))
        .isEqualTo(chain(PROMPT, 3));
    assertThat(data.getLast())
        .startsWith("{\"error\":{\"message\":")
        .contains("\"type\":\"server_error\"");
    assertThat(ask(false).strip()).startsWith("{\"error\":").contains("server_error");
    assertThat(worker.affected()).isEqualTo(2);
  }

  @Test
  void signsOfLifeGoOnUntilTheFaultEnds() throws Exception {
    worker.fail("keep-alive-only", "");
    var answers = List.of(new FutureTask<>(() -> ask(true)), new FutureTask<>(() -> ask(false)));
    answers.forEach(Thread.ofVirtual()::start);
    await().until(() -> worker.affected() == 2);
    assertThat(answers).noneMatch(FutureTask::isDone);
    worker.end("keep-alive-only");
    assertBeginning(answers.getFirst().get(), 5);
    assertThat(answers.getFirst().get()).endsWith(": keep-alive\n\n");
    assertThat(answers.getLast().get()).isBlank().contains("\n");
  }

  @Test
  void aCorruptTokenIsWrongInNumberAndHash() throws Exception {
    worker.fail("corrupt-tokens", ",\"after_tokens\":4");
    var right = chain(PROMPT, TOKENS);
    var body = ask(true);
    var tokens = FaultyWorker.tokens(body);
    assertThat(tokens).hasSize(TOKENS);
    for (int i = 0; i < TOKENS; i++) {
      var wrong = i >= 4 && (i - 4) % 3 == 2;
      var token = tokens.get(i);
      assertThat(token.equals(right.get(i))).as("token %d is %s", i + 1, token).isEqualTo(!wrong);
      assertThat(token.startsWith(i + 1 + "."))
          .as("token %d is %s", i + 1, token)
          .isEqualTo(!wrong);
      assertThat(token).matches("\\d+\\.[0-9a-f]{8} ");
    }
    assertWellFormed(body);
    assertThat(text(ask(false))).isEqualTo(String.join("", tokens));
  }

  @Test
  void aForeignTextIsAnothersChain() throws Exception {
    worker.fail("foreign-cache", "");
    var body = ask(true);
    var tokens = FaultyWorker.tokens(body);
    var other = chain("the request of somebody else", TOKENS);
    assertThat(tokens.subList(0, 5)).isEqualTo(chain(PROMPT, 5));
    assertThat(tokens.subList(5, TOKENS)).isEqualTo(other.subList(5, TOKENS));
    assertWellFormed(body);
    assertThat(text(ask(false))).isEqualTo(String.join("", tokens));
    assertThat(worker.affected()).isEqualTo(2);
  }

  private static void assertWellFormed(String body) {
    assertThat(FaultyWorker.data(body)).endsWith("[DONE]");
    var last = Json.parse(FaultyWorker.data(body).reversed().get(1));
    assertThat(Usage.of(last.path("usage")).completion()).isEqualTo(TOKENS);
  }

  private static String text(String body) {
    var message = Json.parse(body).at("/choices/0/message");
    return message.path("reasoning_content").asString("") + message.path("content").asString("");
  }

  @Test
  void aStuckEngineGivesNothingUntilTheFaultEnds() throws Exception {
    worker.fail("stuck-decode", "");
    var answers = List.of(new FutureTask<>(() -> ask(true)), new FutureTask<>(() -> ask(false)));
    answers.forEach(Thread.ofVirtual()::start);
    await().until(() -> worker.affected() == 2);
    assertThat(worker.get("/health").statusCode()).isEqualTo(200);
    assertThat(worker.get("/health/ready").statusCode()).isEqualTo(200);
    assertThat(answers).noneMatch(FutureTask::isDone);
    worker.end("stuck-decode");
    assertThat(answers.getFirst().get()).startsWith(": keep-alive\n\n").contains("[DONE]");
    assertThat(FaultyWorker.tokens(answers.getFirst().get())).isEqualTo(chain(PROMPT, TOKENS));
    assertThat(text(answers.getLast().get())).isEqualTo(String.join("", chain(PROMPT, TOKENS)));
  }

  @Test
  void aSlowEngineTakesSoManyTimesAsLong() throws Exception {
    worker.fail("slow-decode", ",\"factor\":20");
    var begin = System.nanoTime();
    assertThat(FaultyWorker.tokens(ask(true))).isEqualTo(chain(PROMPT, TOKENS));
    assertThat(System.nanoTime() - begin).isGreaterThan(TOKENS * 20 * 2_000_000L - 2_000_000L);
    assertThat(worker.affected()).isEqualTo(1);
  }

  @Test
  void aLostCacheFindsNothing() throws Exception {
    var prompt = "the same beginning, again and again. ".repeat(20);
    assertThat(cached(prompt)).isZero();
    assertThat(cached(prompt)).isPositive();
    worker.fail("cache-lost", "");
    assertThat(cached(prompt)).isZero();
    assertThat(cached(prompt)).isZero();
    assertThat(worker.affected()).isEqualTo(2);
    worker.end("cache-lost");
    assertThat(cached(prompt)).as("of the last one").isPositive();
  }

  private static int cached(String prompt) throws IOException, InterruptedException {
    return Usage.of(Json.parse(worker.ask(prompt, 2, false).body()).path("usage")).cached();
  }

  @Test
  void lyingHealthRefusesEverybody() throws Exception {
    worker.fail("lying-health", "");
    for (var stream : new boolean[] {true, false}) {
      var refused = worker.ask(PROMPT, TOKENS, stream);
      assertThat(refused.statusCode()).isEqualTo(500);
      assertThat(refused.body()).contains("\"type\":\"server_error\"");
    }
    assertThat(worker.affected()).isEqualTo(2);
    assertThat(worker.log()).contains("\"outcome\":\"failed\",\"status\":500");
    assertThat(worker.get("/health_generate").body())
        .startsWith("{\"status\":\"ready\",\"generates\":true");
    assertThat(worker.affected()).as("with the page").isEqualTo(3);
  }

  @Test
  void anAnswerUnderWayIsHarmedTooAndStaysSo() throws Exception {
    worker.fail("slow-decode", ",\"factor\":10");
    var answer = new FutureTask<>(() -> worker.ask(PROMPT, 60, true).body());
    Thread.ofVirtual().start(answer);
    await().until(() -> worker.affected() == 1);
    worker.fail("foreign-cache", "");
    await().until(() -> !worker.faults("GET", "", "").body().endsWith("\"affected\":0}]}"));
    worker.end("foreign-cache");
    worker.end("slow-decode");
    assertThat(FaultyWorker.tokens(answer.get()).subList(40, 60))
        .isEqualTo(chain("the request of somebody else", 60).subList(40, 60));
  }
}
