package dev.muster.deepseek.api;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The whole service on loopback: an etcd, a worker and a gateway, which has found it. */
final class LocalService implements AutoCloseable {
  private final LocalEtcd etcd;
  private final WorkerProcess worker;
  private final Gateway gateway;

  /**
   * @param forWorker environment of the worker
   * @param forGateway environment of the gateway
   */
  LocalService(Path folder, Map<String, String> forWorker, Map<String, String> forGateway)
      throws IOException {
    etcd = new LocalEtcd(folder);
    worker = new WorkerProcess("w1", etcd.endpoint(), folder, forWorker);
    gateway = QuietGateway.start(etcd.endpoint(), forGateway);
    try (var client = HttpClient.newHttpClient()) {
      var ready = HttpRequest.newBuilder(URI.create(url("/health/ready"))).build();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> client.send(ready, BodyHandlers.discarding()).statusCode() == 200);
    }
  }

  String url(String path) {
    return "http://127.0.0.1:" + gateway.port() + path;
  }

  @Override
  public void close() {
    gateway.drain(Duration.ZERO);
    worker.close();
    etcd.close();
  }
}
