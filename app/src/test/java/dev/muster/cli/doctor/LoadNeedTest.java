package dev.muster.cli.doctor;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.file.DrillException;
import dev.muster.drill.file.DrillSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoadNeedTest {
  private static final String DRILL =
      """
      apiVersion: muster.dev/v1
      kind: Drill
      metadata: {name: d}
      target: {namespace: n, endpoint: "https://llm.example.com/v1"}
      load: {arrivals: %s, request: %s}
      faults: [{kind: PodKill}]
      expect: {residue: none}
      """;

  private static void check(String request, Map<String, String> environment) {
    var source = new DrillSource(DRILL.formatted("{constant: 1/s}", request), "d.yaml", false);
    LoadNeed.check(source, source.drill(), environment);
  }

  /** Else a header without its key goes out, and the service is blamed for what it answers. */
  @Test
  void aVariableThatIsNotSetIsRefusedAtItsLine() {
    var request = "{headers: {authorization: 'Bearer ${A_KEY}'}}";
    assertThatCode(() -> check(request, Map.of("A_KEY", "k"))).doesNotThrowAnyException();
    for (var environment : List.of(Map.<String, String>of(), Map.of("A_KEY", ""))) {
      assertThatThrownBy(() -> check(request, environment))
          .isInstanceOf(DrillException.class)
          .hasMessageContaining("d.yaml:5:")
          .hasMessageContaining("environment variable A_KEY");
    }
  }

  @Test
  void aTraceIsReadBeforeTheDrillBegins() {
    var source =
        new DrillSource(DRILL.formatted("{trace: {file: /no/such.csv}}", "{path: /x}"), "d", false);
    assertThatThrownBy(() -> LoadNeed.check(source, source.drill(), Map.of()))
        .isInstanceOf(DrillException.class)
        .hasMessageContaining("/no/such.csv: no such file");
  }

  @Test
  void aFileThatCanNotBeReadIsRefusedAtItsLine() {
    assertThatThrownBy(() -> check("{tls: {ca: /no/such/file.pem}}", Map.of()))
        .isInstanceOf(DrillException.class)
        .hasMessageContaining("d.yaml:5:")
        .hasMessageContaining("/no/such/file.pem can not be read");
  }

  @Test
  void aFileOfPromptsIsReadBeforeAnythingIsDone() {
    var source =
        new DrillSource(
            """
            apiVersion: muster.dev/v1
            kind: Drill
            metadata: {name: d}
            target: {namespace: n, endpoint: "https://llm.example.com/v1"}
            load:
              arrivals: {constant: 1/s}
              prompts:
                - {tokens: 9}
                - {file: /no/such/prompts.jsonl}
            faults: [{kind: PodKill}]
            expect: {residue: none}
            """,
            "d.yaml",
            false);
    assertThatThrownBy(() -> LoadNeed.check(source, source.drill(), Map.of()))
        .isInstanceOf(DrillException.class)
        .hasMessageContaining("d.yaml:9:14: /no/such/prompts.jsonl can not be read");
  }
}
