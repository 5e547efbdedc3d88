package dev.muster.load.api;

import dev.muster.drill.Arrivals;
import dev.muster.drill.Drill.Load;
import dev.muster.drill.LoadRequest;
import dev.muster.load.ChatClient;
import dev.muster.load.HostileServer;
import dev.muster.load.http.Loop;
import dev.muster.timeline.Request;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The client, and one request of it to a hostile server. */
final class Asking {
  static final Loop LOOP = new Loop("test-sockets");
  static final Clock CLOCK = Clock.systemUTC();
  static final Duration TIMEOUT = Duration.ofSeconds(10);
  static final Duration SHORT = Duration.ofMillis(400);

  private Asking() {}

  static HttpChatClient client(URI uri, @Nullable String host, boolean stream, Duration timeout) {
    var load =
        new Load(
            Arrivals.constant(100),
            stream,
            50,
            20,
            Duration.ZERO,
            timeout,
            1,
            null,
            LoadRequest.USUAL);
    return new HttpChatClient(
        HttpChatClient.Spec.of(load, uri, () -> host, Map.of(), "k"), LOOP, CLOCK);
  }

  static Request ask(boolean stream, Duration timeout, HostileServer.Behaviour behaviour)
      throws IOException {
    return ask(new HostileServer[1], stream, timeout, behaviour);
  }

  static Request ask(
      @Nullable HostileServer[] slot,
      boolean stream,
      Duration timeout,
      HostileServer.Behaviour behaviour)
      throws IOException {
    try (var server = new HostileServer(behaviour)) {
      var client = client(server.uri(), null, stream, timeout);
      slot[0] = server;
      return sendAndWait(client, "r-1", CLOCK.instant());
    }
  }

  static Request sendAndWait(ChatClient client, String id, Instant intended) {
    var row = new CompletableFuture<Request>();
    client.send(id, intended, row::complete);
    return row.join();
  }
}
