package dev.muster.observe.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillFile;
import dev.muster.observe.ObservationException;
import dev.muster.observe.ask.JsonApi;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Trace;
import dev.muster.timeline.file.TraceFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A log store of the test's own, which knows of queries only their time. */
class LogObserverTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");
  private static final Drill DRILL =
      DrillFile.parseKept(
          """
          apiVersion: muster.dev/v1
          kind: Drill
          metadata: {name: logs}
          target: {namespace: llm}
          faults: [{kind: PodKill}]
          expect: {logs: [{query: 'level:ERROR', max: 0}], reconciled: {unexplained: 0}}
          """,
          "logs.yaml");

  @TempDir Path folder;
  private final List<Event> events = new ArrayList<>();
  private final List<ObjectNode> lines = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private Instant now = BEGIN;

  private final JsonApi store =
      new JsonApi() {
        @Override
        public JsonNode get(String path, Map<String, String> query) {
          throw new ObservationException("nobody gets " + path);
        }

        @Override
        public JsonNode post(String path, JsonNode body) {
          asked.add(path + " " + body);
          var range = body.at("/query/bool/filter/0/range/@timestamp");
          var from = Instant.parse(range.path("gte").asString());
          var to = Instant.parse(range.path("lt").asString());
          boolean ids = body.at("/query/bool/filter").size() > 1;
          var found =
              lines.stream()
                  .filter(line -> !ids || line.has("request_id"))
                  .filter(line -> !at(line).isBefore(from) && at(line).isBefore(to))
                  .toList();
          var answer = MAPPER.createObjectNode().put("count", found.size());
          var hits = answer.putObject("hits").putArray("hits");
          found.stream()
              .limit(body.path("size").asInt(10))
              .forEach(line -> hits.addObject().put("_id", "d").set("_source", line));
          return answer;
        }
      };

  private static Instant at(JsonNode line) {
    return Instant.parse(line.path("@timestamp").asString());
  }

  private ObjectNode line(double seconds) {
    var line =
        MAPPER
            .createObjectNode()
            .put("@timestamp", BEGIN.plusMillis(Math.round(seconds * 1000)).toString())
            .put("pod", "api-1")
            .put("component", "api");
    lines.add(line);
    return line;
  }

  private LogObserver observer(Optional<LogStore> logs) {
    return new LogObserver(
        logs,
        DRILL,
        () -> Map.of(new ObjectRef.Pod("s", "api-1", null), new ObjectRef.Node("n1", null)),
        Duration.ofMillis(1),
        folder,
        () -> now,
        events::add);
  }

  private void run() throws InterruptedException {
    var observer = observer(Optional.of(new LogStore(store)));
    observer.begin();
    now = BEGIN.plusSeconds(100);
    observer.end();
  }

  private List<Trace> traces() {
    return TraceFile.read(folder);
  }

  @Test
  void linesOfRequestsAreReadWithWhatTheyTell() throws InterruptedException {
    line(1).put("message", "listening");
    line(2)
        .put("request_id", "r-1")
        .put("outcome", "complete")
        .put("worker", "w-1")
        .put("node", "n1")
        .put("message", "request finished");
    run();
    assertThat(traces())
        .containsExactly(
            new Trace(
                "r-1",
                Trace.Source.LOG,
                "d",
                BEGIN.plusSeconds(2),
                "api",
                "api-1",
                "n1",
                "w-1",
                "complete",
                "request finished",
                1));
    assertThat(events)
        .anyMatch(e ->
            e instanceof Event.TracesRead read
                && read.source() == Trace.Source.LOG
                && read.rows() == 1)
        .anyMatch(e ->
            e instanceof Event.PodsPlaced p
                && p.nodes().containsKey(new ObjectRef.Pod("s", "api-1", null)));
  }

  @Test
  void moreLinesThanOneAnswerHoldsAreReadInParts() throws InterruptedException {
    for (int n = 0; n < 12_000; n++) {
      line(n / 150.0).put("request_id", "r-" + n);
    }
    run();
    assertThat(traces()).extracting(Trace::id).doesNotHaveDuplicates().hasSize(12_000);
  }

  @Test
  void healthChecksOfAnIngressAreNobodysRequests() throws InterruptedException {
    line(1).put("component", "ingress").put("request_id", "x").put("path", "/health/ready");
    line(2)
        .put("component", "ingress")
        .put("request_id", "r-1")
        .put("path", "/v1/chat/completions");
    run();
    assertThat(traces()).extracting(Trace::id).containsExactly("r-1");
  }

  @Test
  void theDrillsQueryGoesThereAsItIsWritten() throws InterruptedException {
    line(1);
    run();
    assertThat(asked)
        .last()
        .asString()
        .startsWith("/logs-*/_count ")
        .contains("{\"query_string\":{\"query\":\"level:ERROR\"}}");
    assertThat(events).last().isInstanceOf(Event.LogsCounted.class);
  }

  @Test
  void aStoreWithoutAnyLineProvesNothing() {
    assertThatThrownBy(this::run)
        .isInstanceOf(ObservationException.class)
        .hasMessageContaining("no line at all");
    assertThat(events).noneMatch(e -> e instanceof Event.LogsCounted);
  }

  @Test
  void aDrillWithoutALogStoreIsToldWhatToDo() {
    var observer = observer(Optional.empty());
    observer.begin();
    assertThatThrownBy(observer::end)
        .isInstanceOf(ObservationException.class)
        .hasMessageContaining("observe.elasticsearch");
  }
}
