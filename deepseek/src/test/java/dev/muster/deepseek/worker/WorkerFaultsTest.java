package dev.muster.deepseek.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.wire.Json;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a worker is told to fail, and what becomes of its health and its model. */
class WorkerFaultsTest {
  private FaultyWorker worker = new FaultyWorker(Map.of());

  @AfterEach
  void stop() {
    worker.close();
  }

  private void with(Map<String, String> environment) {
    worker.close();
    worker = new FaultyWorker(environment);
  }

  private int status(String path) throws IOException, InterruptedException {
    return worker.get(path).statusCode();
  }

  @Test
  void aFaultIsBegunToldRenewedAndEnded() throws Exception {
    var reset = "{\"id\":\"a\",\"failure\":\"reset\",\"ttl_ms\":45000}";
    var begun = worker.faults("POST", "", reset);
    assertThat(begun.statusCode()).isEqualTo(201);
    var told = Json.parse(begun.body());
    assertThat(told.path("left_ms").asInt()).isBetween(40_000, 45_000);
    assertThat(begun.body())
        .startsWith("{\"id\":\"a\",\"failure\":\"reset\",\"ttl_ms\":45000,\"left_ms\":")
        .endsWith(",\"affected\":0}");
    assertThat(worker.faults("POST", "", reset).statusCode()).as("again").isEqualTo(200);
    assertThat(worker.faults("GET", "", "").body())
        .matches(
            "\\{\"faults\":\\[\\{\"id\":\"a\",\"failure\":\"reset\",\"ttl_ms\":45000,\"left_ms\":\\d+,\"affected\":0}]}");
    var other = worker.faults("POST", "", reset.replace("\"a\"", "\"b\""));
    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(other.body()).contains("The fault a has the failure reset");
    assertThat(worker.faults("DELETE", "/b", "").statusCode()).isEqualTo(404);
    worker.end("a");
    assertThat(worker.faults("DELETE", "/a", "").statusCode()).isEqualTo(404);
    assertThat(worker.faults("GET", "", "").body()).isEqualTo("{\"faults\":[]}");
    assertThat(worker.log())
        .contains("\"message\":\"fault begun\",\"fault\":\"a\",\"failure\":\"reset\"")
        .contains("\"message\":\"fault over\",\"fault\":\"a\",\"failure\":\"reset\"");
  }

  @Test
  void whatIsWrongIsNamedAndBeginsNothing() throws Exception {
    for (var body : new String[] {"", "{}", "{\"id\":\"a\",\"failure\":\"x\",\"ttl_ms\":1}"}) {
      var refused = worker.faults("POST", "", body);
      assertThat(refused.statusCode()).as(body).isEqualTo(400);
      assertThat(refused.body()).startsWith("{\"error\":{\"message\":").contains("_error");
    }
    assertThat(worker.faults("GET", "", "").body()).isEqualTo("{\"faults\":[]}");
  }

  @Test
  void whoHasNoTokenCanDoNothing() throws Exception {
    worker.fail("no-done", "");
    var body = "{\"id\":\"a\",\"failure\":\"reset\",\"ttl_ms\":1000}";
    for (var token : new String[] {"", "wrong", FaultyWorker.TOKEN + "x"}) {
      assertThat(worker.faults(token, "POST", "", body).statusCode()).isEqualTo(401);
      assertThat(worker.faults(token, "GET", "", "").statusCode()).isEqualTo(401);
      var end = worker.faults(token, "DELETE", "/no-done", "");
      assertThat(end.statusCode()).isEqualTo(401);
      assertThat(end.body()).contains("x-fault-token is missing or wrong");
    }
    assertThat(worker.affected()).isZero();
    assertThat(worker.log()).doesNotContain(FaultyWorker.TOKEN).doesNotContain("wrong");
  }

  @Test
  void whereNoTokenIsSetThereAreNoFaults() throws Exception {
    with(Map.of("FAULTS_TOKEN", ""));
    assertThat(worker.faults("", "GET", "", "").statusCode()).isEqualTo(404);
    assertThat(worker.faults("POST", "", "{}").statusCode()).isEqualTo(404);
    assertThat(worker.faults("DELETE", "/a", "").statusCode()).isEqualTo(404);
  }

  @Test
  void aStuckEngineIsToldByGeneratingAlone() throws Exception {
    with(Map.of("HEALTH_GENERATE_TIMEOUT", "100ms"));
    worker.loaded().fail("stuck-decode", "");
    var generates = worker.get("/health_generate");
    assertThat(generates.statusCode()).isEqualTo(503);
    assertThat(generates.body()).contains("\"generates\":false");
    assertThat(status("/health")).isEqualTo(200);
    assertThat(status("/health/ready")).isEqualTo(200);
    worker.end("stuck-decode");
    await().until(() -> status("/health_generate") == 200);
  }

  @Test
  void lyingHealthIsGoodWhateverTheWorkerIs() throws Exception {
    with(Map.of("MODEL_LOAD_SECONDS", "3600"));
    assertThat(status("/health")).isEqualTo(503);
    worker.fail("lying-health", "");
    for (var path : new String[] {"/health", "/health/live", "/health/ready"}) {
      assertThat(worker.get(path).body()).as(path).isEqualTo("{\"status\":\"ready\"}");
      assertThat(status(path)).as(path).isEqualTo(200);
    }
    assertThat(status("/health_generate")).isEqualTo(200);
    assertThat(worker.affected()).isEqualTo(7);
    worker.end("lying-health");
    assertThat(status("/health")).isEqualTo(503);
  }

  @Test
  void aSlowLoadHandsOverWhatRunsAndIsOneLoad() throws Exception {
    with(Map.of("MODEL_LOAD_SECONDS", "0.1", "DECODE_TOKENS_PER_SECOND", "50"));
    worker.loaded();
    var answer = new FutureTask<>(() -> worker.ask("hello", 5_000, true).body());
    Thread.ofVirtual().start(answer);
    await()
        .until(() ->
            worker
                .get("/metrics")
                .body()
                .contains("num_requests_running{engine=\"0\",model_name=\"deepseek-v4-pro\"} 1.0"));
    worker.fail("slow-load", ",\"factor\":1000");
    assertThat(answer.get()).contains("\"code\":\"draining\"").doesNotContain("[DONE]");
    assertThat(worker.get("/health").body()).startsWith("{\"status\":\"loading\",\"phase\":");
    assertThat(status("/health")).isEqualTo(503);
    assertThat(worker.ask("hello", 5, true).statusCode()).isEqualTo(503);
    assertThat(worker.affected()).isEqualTo(1);
    worker.end("slow-load"); // the rest takes its own time
    worker.loaded();
    worker.fail("slow-load", ",\"factor\":1");
    await().until(() -> loads() == 3);
    worker.loaded();
    assertThat(worker.affected()).isEqualTo(1);
    assertThat(FaultyWorker.data(worker.ask("hello", 5, true).body())).endsWith("[DONE]");
    assertThat(loads()).as("one load for each").isEqualTo(3);
  }

  private long loads() {
    return worker.log().lines().filter(l -> l.contains("loading the model")).count();
  }

  @Test
  void aLoadLoopGoesOnUntilTheFaultEnds() throws Exception {
    with(Map.of("MODEL_LOAD_SECONDS", "0.05"));
    worker.loaded().fail("load-loop", "");
    await().until(() -> worker.affected() >= 3);
    assertThat(status("/health")).isEqualTo(503);
    worker.end("load-loop");
    worker.loaded();
    assertThat(worker.log()).contains("the model was not loaded, beginning again");
    assertThat(FaultyWorker.data(worker.ask("hello", 5, true).body())).endsWith("[DONE]");
  }
}
