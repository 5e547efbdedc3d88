package dev.muster.deepseek.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.deepseek.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client that waits for its first token is told that somebody lives, from the first second on.
 */
@EnabledIf(value = "etcdInstalled", disabledReason = "/usr/bin/etcd is missing: etcd-server")
class KeepAliveTest {
  @TempDir private Path folder;

  static boolean etcdInstalled() {
    return LocalEtcd.installed();
  }

  @Test
  void itIsCommentsInAStreamAndEmptyLinesElse() throws Exception {
    // three tokens of prompt, a second each
    try (var service =
            new LocalService(folder, Map.of("PREFILL_TOKENS_PER_SECOND", "1"), Map.of());
        var client = HttpClient.newHttpClient()) {
      // one after the other: the prompt of one that comes later holds the tokens of the other up
      assertThat(ask(client, service, true))
          .startsWith(": keep-alive\n\n")
          .endsWith("data: [DONE]\n\n");
      var body = ask(client, service, false);
      assertThat(body).startsWith("\n");
      assertThat(Json.parse(body).path("object").asString("")).isEqualTo("chat.completion");
    }
  }

  private static String ask(HttpClient client, LocalService service, boolean stream)
      throws IOException, InterruptedException {
    var body =
        "{\"model\":\"deepseek-v4-pro\",\"stream\":%s,\"max_tokens\":2,\"messages\":[{\"role\":\"user\",\"content\":\"0123456789\"}]}"
            .formatted(stream);
    var request =
        HttpRequest.newBuilder(URI.create(service.url("/chat/completions")))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.ofString()).body();
  }
}
