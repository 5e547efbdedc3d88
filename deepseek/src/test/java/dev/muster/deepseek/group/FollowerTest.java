package dev.muster.deepseek.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.wire.Log;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A follower of rank 1, whose leader is this test. */
class FollowerTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private final CompletableFuture<Void> lost = new CompletableFuture<>();
  private ServerSocket leader;
  private Follower follower;

  @BeforeEach
  void start() throws IOException {
    leader = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    start(Duration.ofSeconds(30));
  }

  private void start(Duration timeout) {
    var quiet = new PrintStream(PrintStream.nullOutputStream());
    follower =
        Follower.start(
            new GroupConfig(2, 1, "127.0.0.1:" + leader.getLocalPort(), 0, timeout),
            "127.0.0.1",
            0,
            new Log(quiet, InstantSource.system(), "", ""),
            () -> lost.complete(null));
  }

  @AfterEach
  void stop() throws IOException {
    follower.drain(Duration.ZERO);
    leader.close();
    client.shutdownNow();
  }

  private Link accept() throws IOException {
    var link = new Link(leader.accept());
    link.silence(Duration.ofSeconds(10));
    assertThat(link.read()).isEqualTo("join 1 2");
    return link;
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + follower.port() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void itIsReadyWhileItIsWithItsLeader() throws Exception {
    try (var link = accept()) {
      await().until(() -> get("/health/ready").statusCode() == 200);
      link.write("7");
      assertThat(link.read()).as("its part of the step").isEqualTo("7");
      link.write(Link.WHOLE);
      await()
          .until(() -> get("/metrics").body().contains("deepseek_worker_group_ranks_present 2.0"));
    }
  }

  @Test
  void whileItsLeaderIsNotThereItIsLiveAndNotReady() throws Exception {
    leader.close();
    await().until(() -> get("/health/ready").statusCode() == 503);
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/chat/completions").body()).contains("this is rank 1 of a group");
  }

  @Test
  void beforeAllWereThereItComesAgain() throws Exception {
    accept().close();
    accept().close();
    assertThat(lost).isNotDone();
  }

  @Test
  void aGroupThatWasWholeIsLostForEver() throws Exception {
    try (var link = accept()) {
      link.write(Link.WHOLE);
    }
    lost.get(20, TimeUnit.SECONDS);
  }

  @Test
  void aLeaderThatSaysNothingIsLost() throws Exception {
    follower.drain(Duration.ZERO);
    start(Duration.ofMillis(200));
    try (var old = accept()) { // of the one that was drained
      assertThat(old).isNotNull();
    }
    try (var link = accept()) {
      link.write(Link.WHOLE);
      lost.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void onTermItWaitsForItsLeaderToSendItAway() throws Exception {
    CompletableFuture<Void> drained;
    try (var link = accept()) {
      link.write(Link.WHOLE);
      await().until(() -> get("/metrics").body().contains("ranks_present 2.0"));
      drained = CompletableFuture.runAsync(() -> follower.drain(Duration.ofSeconds(60)));
      assertThat(link.read()).isEqualTo(Link.LEAVING);
      assertThat(drained).isNotDone();
    }
    drained.get(20, TimeUnit.SECONDS);
    assertThat(lost).as("it ends as it was asked to").isNotDone();
  }
}
