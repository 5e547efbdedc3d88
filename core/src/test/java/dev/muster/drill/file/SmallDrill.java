package dev.muster.drill.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.source.Problem;
import java.util.List;

/** A drill that says no more than it must, and what is wrong with one that differs from it. */
final class SmallDrill {
  static final String SMALL =
      """
      apiVersion: muster.dev/v1
      kind: Drill
      metadata: {name: small}
      target: {namespace: llm, selector: {labelSelectors: {app.kubernetes.io/component: worker}}}
      load: {arrivals: {constant: 5/s}}
      faults:
        - {kind: NodeShutdown, duration: 90s, ttl: 1h30m}
      expect: {residue: none}
      """;

  private SmallDrill() {}

  static void refuses(String text, String... messages) {
    assertThat(problems(text)).extracting(Problem::toString).containsExactly(messages);
  }

  static List<Problem> problems(String text) {
    return catchThrowableOfType(DrillException.class, () -> DrillFile.parse(text, "d.yaml"))
        .problems();
  }
}
