package dev.muster.logstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogStoreTest {
  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private int port;
  private LogStore store;

  @BeforeEach
  void start() throws Exception {
    port = freePort();
    store = LogStore.start(folder, "127.0.0.1", port);
  }

  @AfterEach
  void stop() {
    store.close();
    http.close();
  }

  @Test
  void aLineIsFoundByItsFieldsAndByAPhrase() throws Exception {
    bulk(
        """
        {"index":{"_id":"1"}}
        {"@timestamp":"2026-11-24T19:00:00.123456789Z","level":"ERROR","message":"request lost","status":200}
        {"index":{"_id":"2"}}
        {"@timestamp":"2026-11-24T19:00:01Z","level":"ERROR","message":"lost: the request"}
        """);
    assertThat(count("level:ERROR AND message:\"request lost\"")).isEqualTo(1);
    assertThat(count("status:[200 TO 299] AND @timestamp:[2026-11-24T19:00:00Z TO *]"))
        .isEqualTo(1);
  }

  @Test
  void theSameLineSentTwiceIsThereOnce() throws Exception {
    for (var i = 0; i < 2; i++) {
      bulk("{\"index\":{\"_id\":\"1\"}}\n{\"request_id\":\"run-1\"}\n");
    }
    assertThat(count("request_id:run\\-1")).isEqualTo(1);
  }

  @Test
  void aFieldOfAnotherKindDoesNotCostTheLine() throws Exception {
    var answer =
        bulk(
            """
            {"index":{}}
            {"message":"first","status":"two hundred","detail":{"a":1}}
            {"index":{}}
            {"message":"second","detail":"text"}
            """);
    assertThat(answer).contains("\"errors\":false");
    assertThat(count("message:first OR message:second")).isEqualTo(2);
  }

  @Test
  void linesOutliveTheProcess() throws Exception {
    bulk("{\"index\":{}}\n{\"message\":\"before\"}\n");
    store.close();
    port = freePort();
    store = LogStore.start(folder, "127.0.0.1", port);
    assertThat(count("message:before")).isEqualTo(1);
  }

  private String bulk(String lines) throws Exception {
    return send("POST", "/logs-muster/_bulk?refresh=true", lines);
  }

  private int count(String query) throws Exception {
    var answer =
        send("GET", "/logs-*/_count?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8), "");
    return Integer.parseInt(answer.replaceAll(".*\"count\":(\\d+).*", "$1"));
  }

  private String send(String method, String path, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("content-type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString()).body();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
