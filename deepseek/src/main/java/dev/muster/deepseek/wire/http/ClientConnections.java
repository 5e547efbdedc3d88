package dev.muster.deepseek.wire.http;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.http.ClientConnection.Phase;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All connections of a server: no more than so many, and none that is slow with its request, or
 * does not take its answer, for longer than a bound. Where there are too many, the one that has
 * been idle for longest makes room. Safe for use by several threads.
 */
final class ClientConnections implements ServerConnectionSelector {
  private static final Duration LOOK = Duration.ofMillis(250);

  /** Whoever has his request together within it is not called slow. */
  private static final Duration PROMPT = Duration.ofSeconds(1);

  private final int most;
  private final long boundNanos;
  private final long writeNanos;
  private final AcceptedSockets sockets;
  private final LongSupplier nanos;
  private final Set<ClientConnection> live = ConcurrentHashMap.newKeySet();
  private final Http1ConnectionSelector http =
      Http1ConnectionSelector.builder()
          .config(Http1Config.builder().addReceiveListener(new HeadRead()).build())
          .build();

  /**
   * @param limits those of a request count from its first byte to the end of its head, and from
   *     there to the end of its body
   * @param sockets of those that are about to begin
   * @param nanos a clock that only rises, in nanoseconds
   */
  ClientConnections(Server.Limits limits, AcceptedSockets sockets, LongSupplier nanos) {
    most = limits.connections();
    boundNanos = limits.request().toNanos();
    writeNanos = limits.write().toNanos();
    this.sockets = sockets;
    this.nanos = nanos;
  }

  private static final class HeadRead implements Http1ConnectionListener {
    @Override
    public void headers(ConnectionContext context, Headers headers) {
      if (context instanceof ClientContext seen) {
        seen.client()
            .headRead(
                headers.containsToken(HeaderValues.CONNECTION_CLOSE),
                headers.contains(HeaderNames.CONTENT_LENGTH)
                    || headers.contains(HeaderNames.TRANSFER_ENCODING));
      }
    }
  }

  void start() {
    Thread.ofPlatform().daemon().name("slow-clients").start(this::run);
  }

  long now() {
    return nanos.getAsLong();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    ClientConnection client;
    try {
      client = new ClientConnection(sockets.take(context.remotePeer().address()), this, now());
    } catch (IOException e) {
      throw new ServerConnectionException("it is gone already", e);
    }
    if (!admitted(client)) {
      return new Refused(client);
    }
    return new Served(client, http.connection(new ClientContext(context, client)));
  }

  /** One at a time, or two would make room by the same. */
  private synchronized boolean admitted(ClientConnection client) {
    while (live.size() >= most) {
      if (!oneIdleLess()) {
        return false;
      }
    }
    return live.add(client);
  }

  private boolean oneIdleLess() {
    var ended =
        live.stream()
            .filter(c -> EnumSet.of(Phase.IDLE, Phase.HEAD, Phase.REST).contains(c.phase()))
            .sorted(Comparator.comparingLong(ClientConnection::since))
            .filter(c ->
                c.endWaiting(now() + 1, Phase.IDLE, null)
                    || c.endWaiting(now() + 1, Phase.REST, null)
                    || c.endWaiting(now() + 1, Phase.HEAD, ApiError.busy()))
            .findFirst();
    ended.ifPresent(live::remove); // now, not when its thread notices
    return ended.isPresent();
  }

  void makeRoom() {
    endSlow(Phase.BODY, now() - PROMPT.toNanos(), ApiError.timeout());
  }

  void look() {
    endSlow(Phase.HEAD, now() - boundNanos, ApiError.timeout());
    endSlow(Phase.BODY, now() - boundNanos, ApiError.timeout());
    endSlow(Phase.REST, now() - boundNanos, null);
    live.forEach(c -> c.endWriting(now() - writeNanos));
  }

  private void endSlow(Phase phase, long before, @Nullable ApiError why) {
    live.forEach(c -> c.endWaiting(before, phase, why));
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(LOOK);
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One that there is room for. */
  private final class Served implements ServerConnection {
    private final ClientConnection client;
    private final ServerConnection http;

    Served(ClientConnection client, ServerConnection http) {
      this.client = client;
      this.http = http;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
      try {
        ScopedValue.where(ClientConnection.CURRENT, client)
            .call(() -> {
              http.handle(limit);
              return null;
            });
      } finally {
        live.remove(client);
        client.close();
      }
    }

    @Override
    public Duration idleTime() {
      return http.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
      http.close(interrupt);
    }
  }

  /** One too many. */
  private record Refused(ClientConnection client) implements ServerConnection {
    @Override
    public void handle(Limit limit) {
      client.refuse(ApiError.busy());
    }

    @Override
    public Duration idleTime() {
      return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
      client.close();
    }
  }

  @Override
  public int bytesToIdentifyConnection() {
    return 0;
  }

  @Override
  public Support supports(BufferData data) {
    return http.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http.supportedApplicationProtocols();
  }
}
