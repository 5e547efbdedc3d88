package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dry run refuses what the run would refuse for want of rights, before it. */
class DryRunRightsTest {
  private static final String FORBIDDEN =
      """
      {"kind": "Status", "reason": "Forbidden", "code": 403,
       "message": "nodes is forbidden: User \\"u\\" cannot list resource \\"nodes\\""}
      """;

  @TempDir Path folder;

  private Ended dryRun(StubApi.Failure failure, String... more) throws IOException {
    Path drill =
        Files.writeString(
            folder.resolve("d.yaml"),
            """
            apiVersion: muster.dev/v1
            kind: Drill
            metadata: {name: d}
            target: {namespace: s, selector: {labelSelectors: {app: w}}}
            faults: [{kind: PodKill, selector: {labelSelectors: {app: w}}}]
            expect: {recovered: {within: 60s}}
            """);
    try (StubApi api = new StubApi(failure)) {
      var words = new java.util.ArrayList<>(List.of("run", drill.toString(), "--dry-run"));
      words.addAll(List.of("--kubeconfig", api.kubeconfig(folder).toString()));
      words.addAll(List.of(more));
      return Ended.of(words.toArray(String[]::new));
    }
  }

  @Test
  void withEveryRightNothingIsRefused() throws IOException {
    Ended ended = dryRun((api, of) -> false);
    assertThat(ended.exit()).as(ended.errors()).isZero();
    assertThat(ended.output()).doesNotContain("would be refused");
  }

  @Test
  void aRightThatIsMissingIsNamed() throws IOException {
    StubApi.Failure denied = (api, of) -> StubApi.denied(of, "\"delete\"");
    Ended ended = dryRun(denied);
    assertThat(ended.exit()).as(ended.errors()).isEqualTo(69);
    assertThat(ended.output())
        .contains("victims now: PodKill pod/s/w-1")
        .contains("would be refused: no permission to delete pods in namespace s; grant it");
    assertThat(dryRun(denied, "--quiet").output()).startsWith("would be refused: no permission");
  }

  /** What may not be listed is not planned, and what is missing is told all the same. */
  @Test
  void whoMayNotLookIsToldEachRight() throws IOException {
    Ended ended =
        dryRun((api, of) -> {
          if (of.getRequestURI().getPath().equals("/api/v1/nodes")) {
            StubApi.answer(of, 403, FORBIDDEN);
            return true;
          }
          return StubApi.denied(of, "\"nodes\"");
        });
    assertThat(ended.exit()).as(ended.errors()).isEqualTo(69);
    assertThat(ended.output())
        .contains("victims: not known without the rights that are missing")
        .contains("would be refused: no permission to list nodes; grant it");
  }
}
