package dev.muster.load.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import tlschannel.ClientTlsChannel;

/**
 * Sends requests to one origin on one loop. Connections are kept and used again for as long as
 * servers surely keep them too; a request is never sent twice.
 *
 * <p>{@link #send} and {@link Exchange#cut} are safe for use by any thread.
 */
public final class Http1Client {
  /**
   * Of servers of LLMs gunicorn drops an idle connection soonest, after 2 s by its documentation: a
   * request must not meet the end of its connection by our fault.
   */
  private static final Duration KEPT_FOR = Duration.ofSeconds(1);

  private static final int BUFFER_BYTES = 64 << 10;

  private final Loop loop;
  private final Origin origin;
  private final Duration toConnect;
  private final Duration toBeWhole;
  private final @Nullable Duration silence;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final byte[] bytes = new byte[BUFFER_BYTES];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes);

  /**
   * @param toConnect how long a connection may take to come about, handshake of TLS included
   * @param toBeWhole how long an exchange may take from its first packet to the last of its
   *     response
   * @param silence how long nothing may come of a response; null where it does not matter
   */
  public Http1Client(
      Loop loop,
      Origin origin,
      Duration toConnect,
      Duration toBeWhole,
      @Nullable Duration silence) {
    this.silence = silence;
    this.loop = loop;
    this.origin = origin;
    this.toConnect = toConnect;
    this.toBeWhole = toBeWhole;
  }

  /**
   * @param request head and body as they go over the wire
   */
  public Exchange send(byte[] request, Exchange.Listener listener) {
    return send(request, listener, Duration.ZERO, toBeWhole);
  }

  /**
   * The same, a while later.
   *
   * @param toBeWhole how long this exchange may take, in place of what others may
   * @return can be cut meanwhile
   */
  public Exchange send(
      byte[] request, Exchange.Listener listener, Duration later, Duration toBeWhole) {
    var exchange = new Exchange(loop, request, toBeWhole, silence, listener);
    Runnable begin =
        () -> {
          try {
            begin(exchange);
          } catch (RuntimeException e) {
            exchange.broken(ExchangeFailure.OURS, "the load's own client failed: " + e);
          }
        };
    loop.execute(later.isZero() ? begin : () -> loop.after(later, begin));
    return exchange;
  }

  private void begin(Exchange exchange) {
    if (exchange.over()) {
      return;
    }
    var kept = kept();
    if (kept != null) {
      kept.carry(exchange);
      return;
    }
    try {
      new Connection(this, List.of(InetAddress.ofLiteral(origin.host())).iterator()).open(exchange);
    } catch (IllegalArgumentException e) {
      resolve(exchange);
    }
  }

  /** Names take their time, which the loop does not have. */
  private void resolve(Exchange exchange) {
    leaves(exchange);
    Thread.startVirtualThread(() -> {
      try {
        var addresses = List.of(InetAddress.getAllByName(origin.host()));
        loop.execute(() -> {
          if (!exchange.over()) {
            new Connection(this, addresses.iterator()).open(exchange);
          }
        });
      } catch (UnknownHostException e) {
        loop.execute(() ->
            exchange.broken(
                ExchangeFailure.UNRESOLVED, "no address is known for " + origin.host()));
      }
    });
  }

  /** The one that was used last, as long as it is fresh; the others only get older. */
  private @Nullable Connection kept() {
    long oldest = System.nanoTime() - KEPT_FOR.toNanos();
    for (Connection old; (old = idle.peekFirst()) != null && old.idleSince() - oldest < 0; ) {
      idle.removeFirst().close();
    }
    for (Connection last; (last = idle.pollLast()) != null; ) {
      if (last.alive()) {
        return last;
      }
      last.close();
    }
    return null;
  }

  void keep(Connection connection) {
    idle.addLast(connection);
  }

  void discard(Connection connection) {
    idle.remove(connection);
  }

  void leaves(Exchange exchange) {
    exchange.left(toConnect);
  }

  void execute(Runnable task) {
    loop.execute(task);
  }

  Selector selector() {
    return loop.selector();
  }

  Origin origin() {
    return origin;
  }

  /** For one read at a time, into {@link #bytes}. */
  ByteBuffer buffer() {
    return buffer;
  }

  byte[] bytes() {
    return bytes;
  }

  /** What bytes are written to and read from. */
  ByteChannel channel(SocketChannel socket) throws IOException {
    if (origin.tls() == null) {
      return socket;
    }
    SSLEngine engine = origin.tls().createSSLEngine(origin.host(), origin.port());
    engine.setUseClientMode(true);
    var parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return ClientTlsChannel.newBuilder(socket, engine).build();
  }
}
