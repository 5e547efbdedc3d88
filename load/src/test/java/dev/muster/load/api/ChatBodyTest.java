package dev.muster.load.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.file.DrillFile;
import dev.muster.load.prompt.Question;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChatBodyTest {

  @Test
  void fieldsThatNotEveryServerTakesCanBeLeftOut() {
    var body =
        sent("{thinking: null, stream_options: null, max_tokens: null, max_completion_tokens: 9}");
    assertThat(body.propertyNames())
        .containsExactlyInAnyOrder("model", "messages", "stream", "max_completion_tokens");
    assertThat(body.path("max_completion_tokens").asInt()).isEqualTo(9);
  }

  @Test
  void fieldsOfAServersOwnAreAddedAndObjectsAreMerged() {
    var body =
        sent(
            "{temperature: 0.5, stop: [a, b], stream_options: {x: true}, thinking: {type: null, budget: 7},"
                + " extra: {deep: {a: 1, b: null}}}");
    assertThat(body.path("temperature").asDouble()).isEqualTo(0.5);
    assertThat(body.path("stop").toString()).isEqualTo("[\"a\",\"b\"]");
    assertThat(body.path("stream_options").toString())
        .isEqualTo("{\"include_usage\":true,\"x\":true}");
    assertThat(body.path("thinking").toString()).isEqualTo("{\"budget\":7}");
    assertThat(body.path("extra").toString()).isEqualTo("{\"deep\":{\"a\":1}}");
    assertThat(body.path("model").asString()).isEqualTo("deepseek-v4-pro");
  }

  private static JsonNode sent(String body) {
    var drill =
        DrillFile.parse(
            """
            apiVersion: muster.dev/v1
            kind: Drill
            metadata: {name: d}
            target: {namespace: n}
            load: {arrivals: {constant: 1/s}, request: {body: %s}}
            faults: [{kind: PodKill}]
            expect: {residue: none}
            """
                .formatted(body),
            "d");
    var load = Objects.requireNonNull(drill.load());
    var spec = HttpChatClient.Spec.of(load, URI.create("http://a"), () -> null, Map.of(), "k");
    return new JsonMapper()
        .readTree(ChatBody.of(Question.of(() -> "a", 9, false), spec, Dialect.deepseek()).json());
  }
}
