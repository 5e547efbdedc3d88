package dev.muster.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.drill.file.DrillException;
import dev.muster.drill.file.DrillFile;
import dev.muster.source.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadRequestTest {
  private static String drill(String endpoint, String request) {
    return """
    apiVersion: muster.dev/v1
    kind: Drill
    metadata: {name: d}
    target: {namespace: n, endpoint: "%s"}
    load: {arrivals: {constant: 1/s}, request: %s}
    faults: [{kind: PodKill}]
    expect: {residue: none}
    """
        .formatted(endpoint, request);
  }

  private static LoadRequest of(String request) {
    var drill = DrillFile.parse(drill("https://llm.example.com/v1", request), "d.yaml");
    return Objects.requireNonNull(drill.load()).request();
  }

  @Test
  void everyFieldIsRead() {
    assertThat(
            of(
                "{preset: vllm, path: /completions, headers: {x-a: 'b ${C}'}, body: {n: 1}, servedBy: [X-Pod],"
                    + " connectTimeout: 5s, tls: {ca: a.pem, certificate: b.pem, key: c.pem}}"))
        .isEqualTo(
            new LoadRequest(
                LoadRequest.Preset.VLLM,
                "/completions",
                Map.of("x-a", "b ${C}"),
                Map.of("n", 1),
                List.of("x-pod"),
                Duration.ofSeconds(5),
                new LoadRequest.Tls("a.pem", "b.pem", "c.pem", false)));
  }

  @Test
  void whatIsLeftOutIsAsDeepSeekHasIt() {
    assertThat(of("{preset: deepseek}")).isEqualTo(LoadRequest.USUAL);
  }

  @Test
  void eachPresetHasItsPathAndItsStreams() {
    for (var preset : LoadRequest.Preset.values()) {
      var load =
          Objects.requireNonNull(
              DrillFile.parse(drill("https://a", "{preset: %s}".formatted(preset)), "d").load());
      assertThat(load.request().preset()).isEqualTo(preset);
      assertThat(load.request().path()).isEqualTo(preset.path());
      assertThat(load.stream()).isEqualTo(preset.tokens());
    }
  }

  @Test
  void whatAPlainServiceIsAskedAndShouldAnswerIsRead() {
    var request =
        of(
            "{preset: http, method: PUT, path: /health, body: ping, success: {status: [2xx, 404],"
                + " json: {/a/0: 1.5, /b: ok, /c: null, /d: true}, contains: pong, within: 500ms}}");
    assertThat(request.http().method()).isEqualTo("PUT");
    assertThat(request.http().text()).isEqualTo("ping");
    var success = request.http().success();
    assertThat(success.status()).hasToString("[2xx, 404]");
    assertThat(List.of(success.has(200), success.has(299), success.has(404))).containsOnly(true);
    assertThat(List.of(success.has(300), success.has(199), success.has(403))).containsOnly(false);
    assertThat(success.json()).containsEntry("/b", "ok").containsEntry("/d", true).hasSize(4);
    assertThat(success.json()).containsEntry("/c", null);
    assertThat(success.contains()).isEqualTo("pong");
    assertThat(success.within()).isEqualTo(Duration.ofMillis(500));
    assertThat(of("{preset: http}").http()).isEqualTo(LoadRequest.Http.USUAL);
    assertThat(of("{preset: http, body: {a: null}}").body()).containsEntry("a", null);
    assertThat(of("{preset: http, success: {status: 204}}").http().success().status())
        .hasToString("[204]");
  }

  @Test
  void headersAreFilledFromTheEnvironment() {
    var request = of("{headers: {authorization: 'Bearer ${KEY}', x-b: '${KEY}${B_2} $C ${}'}}");
    assertThat(request.variables()).containsExactly("KEY", "B_2");
    var environment = Map.of("KEY", "a$1\\", "B_2", "${KEY}");
    assertThat(LoadRequest.filled("Bearer ${KEY}", environment)).isEqualTo("Bearer a$1\\");
    assertThat(LoadRequest.filled("${KEY}${B_2} $C ${}", environment))
        .isEqualTo("a$1\\${KEY} $C ${}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {headers: {Host: a}}                     | "Host" is Muster's own
          {headers: {content-length: '1'}}         | "content-length" is Muster's own
          {headers: {x-a: "b\\nc"}}                | a header can not have line breaks
          {headers: {Accept-Encoding: br}}         | an answer is read as it is or from gzip
          {headers: {x-a: "—"}}                    | outside of ISO 8859-1
          {headers: {"a b": c}}                    | headers
          {path: chat}                             | a path such as /chat/completions
          {path: /a?b=c}                           | a path such as /chat/completions
          {preset: gemini}                         | preset
          {connectTimeout: 0s}                     | a connection needs a timeout above 0s
          {tls: {certificate: a.pem}}              | key
          {tls: {insecure: true, ca: a.pem}}       | one of them
          {body: {messages: []}}                   | "messages" is Muster's own
          {preset: embeddings, body: {input: []}}  | "input" is Muster's own
          {preset: vllm, method: GET}              | "method" goes with preset http; vllm knows
          {success: {contains: a}}                 | "success" goes with preset http
          {preset: embeddings, body: text}         | a text as body goes with preset http
          {preset: http, method: HEAD}             | method
          {preset: http, success: {status: 99}}    | status
          {preset: http, success: {status: 20x}}   | is not a status such as 200 or 2xx
          {preset: http, success: {json: {a: b}}}  | json
          {preset: http, success: {within: 0s}}    | nobody answers within 0s
          {preset: http, success: {within: 61s}}   | a request is given up after load.timeout
          {}                                       | request
          """)
  void whatWouldNotWorkIsRefusedAtItsLine(String request, String why) {
    refused("https://llm.example.com/v1", request, why);
  }

  @Test
  void tlsIsForHttps() {
    refused("http://llm.example.com/v1", "{tls: {insecure: true}}", "tls is for an https endpoint");
    refused("ingress", "{tls: {insecure: true}}", "tls is for an https endpoint");
  }

  @Test
  void whatSaysNothingOfAnAnswerWithoutTokensIsRefused() {
    for (var more : List.of("stream: true", "answer: {tokens: 5}")) {
      refusedIn("embeddings", more, "preset embeddings");
    }
    for (var more : List.of("prompt: {tokens: 5}", "model: m", "stream: true")) {
      refusedIn("http", more, "preset http");
    }
    var latency =
        drill("https://a", "{preset: http}").replace("residue: none", "latency: {ttft: {p50: 1s}}");
    var refusal =
        catchThrowableOfType(DrillException.class, () -> DrillFile.parse(latency, "d.yaml"));
    assertThat(refusal).hasMessageContaining("load.request.success.within bounds how long each");
  }

  private static void refusedIn(String preset, String more, String why) {
    var text = drill("https://a", "{preset: %s}, %s".formatted(preset, more));
    var refusal = catchThrowableOfType(DrillException.class, () -> DrillFile.parse(text, "d.yaml"));
    assertThat(refusal).as(more).isNotNull();
    assertThat(refusal.problems()).as(more).hasSize(1);
    assertThat(refusal.problems().getFirst().toString()).contains(why);
  }

  private static void refused(String endpoint, String request, String why) {
    var refusal =
        catchThrowableOfType(
            DrillException.class, () -> DrillFile.parse(drill(endpoint, request), "d.yaml"));
    assertThat(refusal).as(request).isNotNull();
    List<Problem> problems = refusal.problems();
    assertThat(problems).as(request).hasSize(1);
    assertThat(problems.getFirst().toString()).contains(why);
    assertThat(problems.getFirst().line()).isEqualTo(5);
  }
}
