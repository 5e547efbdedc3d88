package dev.muster.logstore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/**
 * One OpenSearch node inside this process. Whoever finds the template {@code logs} may write:
 * before it is there, an index would get field types of its own.
 */
final class LogStore implements AutoCloseable {
  private final OpenSearchRunner runner = new OpenSearchRunner();

  private LogStore() {}

  /**
   * Returns when it answers and its template is in place.
   *
   * @param folder data of an earlier process are found again
   */
  static LogStore start(Path folder, String host, int port)
      throws IOException, InterruptedException {
    var store = new LogStore();
    store.run(folder, host, port);
    putTemplate(port);
    return store;
  }

  @Override
  public void close() {
    try {
      runner.close();
    } catch (IOException e) {
      throw new UncheckedIOException("OpenSearch did not stop cleanly", e);
    }
  }

  private void run(Path folder, String host, int port) {
    runner.onBuild((_, settings) -> {
      settings.put("node.name", "opensearch");
      settings.put("discovery.type", "single-node");
      settings.put("http.host", host);
      settings.put("http.port", port);
      // nobody joins, so nobody needs to reach the port between nodes
      settings.put("transport.host", "127.0.0.1");
      settings.put("transport.port", 0);
      // a disk that is nine tenths full for other reasons must not make the logs read-only
      settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
    });
    // its log is configured by log4j2.properties of ours instead of files that the runner writes
    runner.build(
        OpenSearchRunner.newConfigs()
            .basePath(folder.toString())
            .clusterName("logs")
            .numOfNode(1)
            .useLogger()
            .disableESLogger());
    runner.ensureYellow();
  }

  private static void putTemplate(int port) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/_index_template/logs"))
              .header("content-type", "application/json")
              .PUT(BodyPublishers.ofString(template()))
              .build();
      var response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("OpenSearch refuses the index template: " + response.body());
      }
    }
  }

  private static String template() throws IOException {
    try (var in =
        Objects.requireNonNull(LogStore.class.getResourceAsStream("logs.json"), "logs.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
