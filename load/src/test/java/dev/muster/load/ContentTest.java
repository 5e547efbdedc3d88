package dev.muster.load;

import static dev.muster.load.HostileServer.STREAM_HEAD;
import static dev.muster.load.HostileServer.prompt;
import static dev.muster.load.HostileServer.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillFile;
import dev.muster.load.answer.Tokens;
import dev.muster.load.api.HttpChatClient;
import dev.muster.load.http.Loop;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.Verdict;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Status;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/** A service over HTTP that tells something else from some moment on, and what is found of it. */
@Timeout(20)
class ContentTest {
  private static final Loop LOOP = new Loop("test-sockets");
  private static final Clock CLOCK = Clock.systemUTC();
  private static final int REQUESTS = 40;

  private static final Drill DRILL =
      DrillFile.parse(
          """
          apiVersion: muster.dev/v1
          kind: Drill
          metadata: {name: d}
          target: {namespace: n, endpoint: "http://a"}
          load:
            arrivals: {constant: 20/s}
            seed: 42
            request: {preset: vllm}
            prompts: [{distinct: 3, tokens: {min: 5, max: 30}}]
          faults: [{kind: PodKill}]
          expect: {content: unchanged}
          """,
          "d.yaml");

  /**
   * The finding of a service that answers so.
   *
   * @param answer to a prompt, and of how many before it
   */
  private static Finding content(BinaryOperator<String> answer) throws IOException {
    var asked = new AtomicInteger();
    var rows = new ArrayList<Request>();
    var fault = Instant.MAX;
    var begin = CLOCK.instant();
    try (var server =
        new HostileServer((_, body, socket) -> {
          var json = new JsonMapper().readTree(body);
          assertThat(json.path("temperature").isInt() && json.path("temperature").asInt() == 0)
              .isTrue();
          assertThat(json.path("seed").asInt()).isEqualTo(42);
          int n = asked.getAndIncrement();
          var text = answer.apply(prompt(body), "" + n);
          send(socket, STREAM_HEAD + stream(text, 1 + n % 5));
        })) {
      var load = Objects.requireNonNull(DRILL.load());
      var client =
          new HttpChatClient(
              HttpChatClient.Spec.of(load, server.uri(), () -> null, Map.of(), "k"), LOOP, CLOCK);
      for (int i = 0; i < REQUESTS; i++) {
        fault = i == REQUESTS / 2 ? CLOCK.instant() : fault;
        var row = new CompletableFuture<Request>();
        client.send("r-" + i, CLOCK.instant(), row::complete);
        rows.add(row.join());
      }
    }
    assertThat(rows).allMatch(Request::answered).extracting(Request::prompt).doesNotContainNull();
    assertThat(rows.stream().map(Request::prompt).distinct()).hasSize(3);
    var victim = ObjectRef.Victim.parse("pod/n/w");
    var history =
        new History(
            DRILL,
            List.of(
                new Event.LoadStarted(Stamp.engine(begin), 42, "constant"),
                new Event.FaultInjected(Stamp.engine(fault), "f1", "PodKill", victim),
                new Event.LoadEnded(
                    Stamp.engine(CLOCK.instant()), REQUESTS, 1, 1, new Event.CanaryLag(900, 1, 2)),
                new Event.RunEnded(Stamp.engine(CLOCK.instant()))),
            rows,
            List.of());
    return Verdict.of(history).findings().stream()
        .filter(f -> f.check().equals("content"))
        .findFirst()
        .orElseThrow();
  }

  /** In pieces of so many letters, as a server may send them. */
  private static String stream(String text, int size) {
    var all = new StringBuilder();
    for (int at = 0; at < text.length(); at += size) {
      all.append(Tokens.chunk(text.substring(at, Math.min(text.length(), at + size))));
    }
    return all + Tokens.last("stop", 3) + Tokens.DONE;
  }

  @Test
  void theSameAnswersPass() throws IOException {
    var finding = content((prompt, _) -> "The answer to " + prompt.length());
    assertThat(finding.status()).as(finding.why()).isEqualTo(Status.PASS);
  }

  @Test
  void oneOtherAnswerThatIsFluentFails() throws IOException {
    var finding =
        content((prompt, when) ->
            "The answer to " + (when.equals("30") ? "something else" : prompt.length()));
    assertThat(finding.status()).as(finding.why()).isEqualTo(Status.FAIL);
    assertThat(finding.measured()).isEqualTo(1);
    assertThat(finding.evidence().getFirst())
        .contains("request r-30")
        .endsWith("by api-1, worker-1");
  }

  @Test
  void aServiceThatNeverSaysTheSameIsNotJudged() throws IOException {
    var count = new AtomicInteger();
    var finding = content((_, _) -> "Answer " + count.getAndIncrement());
    assertThat(finding.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(finding.why()).startsWith("the service is not deterministic");
  }
}
