package dev.muster.deepseek.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A client that waits hears of the gateway while the worker says nothing at all. */
@EnabledIf(value = "etcdInstalled", disabledReason = "/usr/bin/etcd is missing: etcd-server")
class SignsOfLifeTest {
  @TempDir private Path folder;

  static boolean etcdInstalled() {
    return LocalEtcd.installed();
  }

  @Test
  void theGatewayGivesThemByItsOwnClock() throws Exception {
    try (var etcd = new LocalEtcd(folder);
        var worker =
            new WorkerProcess(
                "w1", etcd.endpoint(), folder, Map.of("DECODE_TOKENS_PER_SECOND", "10"));
        var gateway =
            new GatewayProcess(
                "gateway",
                etcd.endpoint(),
                1,
                folder,
                Map.of(
                    "HOLD_HEADERS", "0s",
                    "HOLD_UNANSWERED", "0s",
                    "FIRST_TOKEN_TIMEOUT", "1m",
                    "TOKEN_TIMEOUT", "1m"));
        var client = HttpClient.newHttpClient()) {
      worker.freeze();
      var begin = System.nanoTime();
      var lines = ask(client, gateway);
      assertThat(lines.next()).as("before the first token").isEqualTo(": keep-alive");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
      worker.thaw();
      until(lines, "data: ");
      worker.freeze();
      until(lines, ": keep-alive");
      until(lines, ": keep-alive");
      worker.thaw();
      until(lines, "data: [DONE]");
    }
  }

  private static Iterator<String> ask(HttpClient client, GatewayProcess gateway) throws Exception {
    var request =
        HttpRequest.newBuilder(gateway.uri("/chat/completions"))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"deepseek-v4-pro\",\"stream\":true,\"max_tokens\":30,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}"))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofLines()).body().iterator();
  }

  private static void until(Iterator<String> lines, String begin) {
    while (!lines.next().startsWith(begin)) {
      assertThat(lines).hasNext();
    }
  }
}
