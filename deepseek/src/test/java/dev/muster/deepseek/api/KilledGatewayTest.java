package dev.muster.deepseek.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.api.exchange.UsageRecords;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.etcd.Etcd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What an acknowledged request is worth where its gateway is killed in the middle of its work. */
@EnabledIf(value = "etcdInstalled", disabledReason = "/usr/bin/etcd is missing: etcd-server")
class KilledGatewayTest {
  private static final int KILLS = 3;
  private static final int CLIENTS = 8;

  @TempDir private Path folder;

  static boolean etcdInstalled() {
    return LocalEtcd.installed();
  }

  @Test
  void noRequestThatWasAcknowledgedIsWithoutItsRecord() throws Exception {
    long seed = Long.getLong("kills.seed", System.nanoTime());
    System.out.println("kills.seed=" + seed);
    var random = new Random(seed);
    try (var etcd = new LocalEtcd(folder);
        var _ =
            new WorkerProcess(
                "w1", etcd.endpoint(), folder, Map.of("DECODE_TOKENS_PER_SECOND", "1000"))) {
      for (int kill = 0; kill < KILLS; kill++) {
        var pod = "g" + kill;
        try (var link = new FreezableLink(etcd.endpoint());
            var gateway = new GatewayProcess(pod, link.endpoint(), 1, folder, Map.of())) {
          // where etcd is cut off before, what is told too early is without its record for sure
          Runnable cut = kill % 2 == 0 ? link::freeze : () -> {};
          var done = killedUnderLoad(gateway, pod, 1 + random.nextInt(200), cut);
          assertThat(done).isNotEmpty();
          done.removeAll(delayed(gateway));
          assertThat(recorded(etcd)).as("seed %d, %s", seed, pod).containsAll(done);
        }
      }
    }
  }

  private static Set<String> delayed(GatewayProcess gateway) throws IOException {
    return gateway
        .log()
        .lines()
        .filter(line -> line.startsWith("{") && line.endsWith("}"))
        .map(line -> Json.parse(line))
        .filter(l -> l.path("message").asString("").equals("usage record delayed"))
        .map(l -> l.path("request_id").asString(""))
        .collect(Collectors.toSet());
  }

  /** The ids whose {@code [DONE]} came to its client; the kill is when so many have. */
  private static Set<String> killedUnderLoad(
      GatewayProcess gateway, String pod, int after, Runnable cut) throws Exception {
    var done = ConcurrentHashMap.<String>newKeySet();
    var uri = URI.create("http://127.0.0.1:" + gateway.port() + "/chat/completions");
    try (var clients = Executors.newVirtualThreadPerTaskExecutor();
        var http = HttpClient.newHttpClient()) {
      for (int i = 0; i < CLIENTS; i++) {
        var client = pod + "-" + i + "-";
        clients.execute(() -> {
          for (int n = 0; ask(http, uri, client + n, done); n++) {}
        });
      }
      await().atMost(Duration.ofSeconds(60)).until(() -> done.size() >= after);
      cut.run();
      int before = done.size();
      await().atMost(Duration.ofSeconds(60)).until(() -> done.size() > before + CLIENTS);
      gateway.kill();
    }
    return done;
  }

  /** False where nobody answers any more. */
  private static boolean ask(HttpClient http, URI uri, String id, Set<String> done) {
    var request =
        HttpRequest.newBuilder(uri)
            .header("x-request-id", id)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"deepseek-v4-pro\",\"stream\":true,\"max_tokens\":3,\"messages\":[{\"role\":\"user\",\"content\":\"p\"}]}"))
            .build();
    try {
      http.send(request, HttpResponse.BodyHandlers.ofLines())
          .body()
          .filter("data: [DONE]"::equals)
          .forEach(_ -> done.add(id));
      return true;
    } catch (UncheckedIOException e) {
      return true; // the next one is not even connected
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static List<String> recorded(LocalEtcd etcd) throws IOException {
    return new Etcd(List.of(URI.create(etcd.endpoint())), Duration.ofSeconds(5))
        .list(UsageRecords.PREFIX).entries().stream()
            .map(entry -> entry.key().substring(UsageRecords.PREFIX.length()))
            .toList();
  }
}
