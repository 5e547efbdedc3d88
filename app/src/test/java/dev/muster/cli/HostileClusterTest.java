package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run against an API server that misbehaves ends in its time, in words, and is no verdict. */
@Timeout(180)
class HostileClusterTest {
  private static final String LEASE =
      "/apis/coordination.k8s.io/v1/namespaces/default/leases/muster-drill";
  private static final Path RUNS = Path.of(System.getenv("MUSTER_HOME"), "runs");

  @TempDir Path folder;

  private Ended run(StubApi api) throws IOException {
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
    return Ended.of("run", drill.toString(), "--kubeconfig", api.kubeconfig(folder).toString());
  }

  private static boolean watches(HttpExchange of) {
    return Objects.toString(of.getRequestURI().getQuery(), "").contains("watch=true");
  }

  private static void refused(Ended ended, String... words) {
    assertThat(ended.errors()).contains(words).doesNotContain("MUSTER_DEBUG", "\tat ");
    assertThat(ended.exit()).isEqualTo(69);
    assertThat(RUNS.toFile().list()).as("a refused run leaves no folder").isNullOrEmpty();
  }

  /** It hung for ever, held the lease, and only kill -9 helped. */
  @Test
  void watchesThatAreAnsweredAndNeverSpeak() throws IOException {
    try (StubApi api =
        new StubApi((self, of) -> {
          if (!watches(of)) {
            return false;
          }
          of.sendResponseHeaders(200, 0);
          of.getResponseBody().flush();
          self.hang();
          return true;
        })) {
      refused(run(api), "was asked to watch Node", "nothing came for 5s", "proxy");
      assertThat(api.asked()).contains("DELETE " + LEASE);
    }
  }

  @Test
  void listsThatFail() throws IOException {
    try (StubApi api =
        new StubApi((self, of) -> {
          if (!of.getRequestURI().getPath().equals("/api/v1/nodes")) {
            return false;
          }
          StubApi.answer(of, 500, "{\"kind\": \"Status\", \"message\": \"etcd is full\"}");
          return true;
        })) {
      refused(run(api), "/api/v1/nodes", "was answered with 500 etcd is full");
      assertThat(api.asked()).contains("DELETE " + LEASE);
    }
  }

  @Test
  void aServerThatTakesTheFirstRequestAndSaysNothing() throws IOException {
    try (StubApi api =
        new StubApi((self, of) -> {
          self.hang();
          return true;
        })) {
      refused(run(api), "can not reach the cluster at http://127.0.0.1:", "no answer in time");
    }
  }
}
