package dev.muster.deepseek.wire.http;

import io.helidon.common.socket.SocketOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The options of accepted connections, and the sockets themselves until their connections begin:
 * the web server shows a socket here alone, and theirs are ours to read and write. Safe for use by
 * several threads.
 */
final class AcceptedSockets implements SocketOptions {
  /** One that was closed before it began is forgotten once there are so many. */
  private static final int MANY = 512;

  private final SocketOptions options;
  private final Map<SocketAddress, SocketChannel> accepted = new ConcurrentHashMap<>();

  AcceptedSockets(SocketOptions options) {
    this.options = options;
  }

  /**
   * The socket of who connected from there, for which the event loop waits from now on.
   *
   * @throws IOException if it is closed already
   */
  EventSocket take(SocketAddress from) throws IOException {
    var socket = accepted.remove(from);
    if (socket == null) {
      throw new ClosedChannelException();
    }
    return new EventSocket(socket);
  }

  @Override
  public void configureSocket(SocketChannel socket) {
    options.configureSocket(socket);
    try {
      if (accepted.size() >= MANY) {
        accepted.values().removeIf(s -> !s.isOpen());
      }
      accepted.put(socket.getRemoteAddress(), socket);
    } catch (IOException e) {
      throw new UncheckedIOException("it is closed already", e);
    }
  }

  @Override
  public Map<SocketOption<?>, Object> socketOptions() {
    return options.socketOptions();
  }

  @Override
  public Duration connectTimeout() {
    return options.connectTimeout();
  }

  @Override
  public Duration readTimeout() {
    return options.readTimeout();
  }

  @Override
  public Optional<Integer> socketReceiveBufferSize() {
    return options.socketReceiveBufferSize();
  }

  @Override
  public Optional<Integer> socketSendBufferSize() {
    return options.socketSendBufferSize();
  }

  @Override
  public boolean socketReuseAddress() {
    return options.socketReuseAddress();
  }

  @Override
  public boolean socketKeepAlive() {
    return options.socketKeepAlive();
  }

  @Override
  public boolean tcpNoDelay() {
    return options.tcpNoDelay();
  }
}
