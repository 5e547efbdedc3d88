package dev.muster.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
          {headers: {x-a: "—"}}                    | outside of ISO 8859-1
          {headers: {"a b": c}}                    | headers
          {path: chat}                             | a path such as /chat/completions
          {path: /a?b=c}                           | a path such as /chat/completions
          {preset: gemini}                         | preset
          {connectTimeout: 0s}                     | a connection needs a timeout above 0s
          {tls: {certificate: a.pem}}              | key
          {tls: {insecure: true, ca: a.pem}}       | one of them
          {body: {messages: []}}                   | "messages" is Muster's own
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
