package dev.muster.load.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import tlschannel.NeedsReadException;
import tlschannel.NeedsWriteException;

/** One TCP connection, with TLS or without, and the exchange that it carries now, if any. */
final class Connection implements Loop.Ready {
  private final Http1Client client;
  private final Iterator<InetAddress> addresses;
  private @Nullable Exchange exchange;
  private @Nullable ResponseReader reader;
  private @Nullable SocketChannel socket;
  private @Nullable ByteChannel channel;
  private @Nullable SelectionKey key;
  private long idleSince;

  /**
   * @param addresses of the origin, tried one after another
   */
  Connection(Http1Client client, Iterator<InetAddress> addresses) {
    this.client = client;
    this.addresses = addresses;
  }

  /** A new connection, for this exchange. */
  void open(Exchange first) {
    exchange = first;
    first.on(this);
    connect(first);
  }

  /** Carries one more. */
  void carry(Exchange next) {
    exchange = next;
    next.on(this);
    client.leaves(next);
    begin(next);
  }

  /** Whether the peer has neither closed it nor spoken unasked, as far as is known here. */
  boolean alive() {
    var buffer = client.buffer();
    buffer.clear();
    try {
      return need(channel).read(buffer) == 0;
    } catch (NeedsReadException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** When it was last used, by {@link System#nanoTime}. */
  long idleSince() {
    return idleSince;
  }

  private void connect(Exchange first) {
    try {
      socket = SocketChannel.open();
      socket.configureBlocking(false);
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      boolean at = socket.connect(new InetSocketAddress(addresses.next(), client.origin().port()));
      client.leaves(first);
      key = socket.register(client.selector(), SelectionKey.OP_CONNECT, this);
      if (at) {
        connected(first);
      }
    } catch (IOException e) {
      client.leaves(first);
      notConnected(first, e);
    }
  }

  /** The next address, if there is one. */
  private void notConnected(Exchange first, IOException e) {
    close();
    if (addresses.hasNext()) {
      client.execute(() -> {
        if (!first.over()) {
          connect(first);
        }
      });
    } else {
      broken(first, e);
    }
  }

  private void connected(Exchange first) throws IOException {
    channel = client.channel(need(socket));
    if (client.origin().tls() == null) {
      first.connected(); // else after the handshake
    }
    begin(first);
  }

  private void begin(Exchange next) {
    reader = new ResponseReader(next);
    transmit(next);
  }

  @Override
  public void ready() {
    var now = exchange;
    if (now == null) {
      client.discard(this); // the peer closed it, or speaks unasked
      close();
      return;
    }
    try {
      if (channel == null) {
        need(socket).finishConnect();
        connected(now);
      } else {
        if (now.request().hasRemaining()) {
          transmit(now);
        }
        if (!now.over()) {
          receive(now);
        }
      }
    } catch (IOException e) {
      if (channel == null) {
        notConnected(now, e);
      } else {
        broken(now, e);
      }
    } catch (RuntimeException e) {
      now.broken(ExchangeFailure.OURS, "the load's own client failed: " + e);
    }
  }

  private void transmit(Exchange now) {
    var out = now.request();
    try {
      while (out.hasRemaining() && need(channel).write(out) > 0) {}
      interest(out.hasRemaining());
      now.connected();
    } catch (NeedsReadException e) {
      interest(false);
    } catch (NeedsWriteException e) {
      interest(true);
    } catch (IOException e) {
      refused(now, e);
    }
  }

  /** A server may answer, and close, before it has read all: its answer counts. */
  private void refused(Exchange now, IOException e) {
    try {
      receive(now);
    } catch (IOException second) {
      // the first tells more
    }
    if (!now.over()) {
      broken(now, e);
    }
  }

  private void receive(Exchange now) throws IOException {
    ByteBuffer buffer = client.buffer();
    var parser = need(reader);
    try {
      int n;
      do {
        buffer.clear();
        n = need(channel).read(buffer);
        if (n > 0) {
          parser.feed(client.bytes(), 0, n);
        }
      } while (n > 0 && !parser.done() && client.origin().tls() != null);
      if (n < 0) {
        closed(now, parser);
      } else if (parser.done()) {
        finished(now, parser.persistent() && !now.request().hasRemaining());
      }
    } catch (NeedsReadException e) {
      interest(now.request().hasRemaining());
    } catch (NeedsWriteException e) {
      interest(true);
    } catch (ProtocolViolation e) {
      now.broken(ExchangeFailure.PROTOCOL, String.valueOf(e.getMessage()));
    }
  }

  private void closed(Exchange now, ResponseReader parser) {
    if (parser.wholeAtClose()) {
      finished(now, false);
    } else {
      now.broken(
          ExchangeFailure.CLOSED,
          client.origin()
              + " closed the connection "
              + (parser.untouched() ? "before it answered" : "inside its answer"));
    }
  }

  private void finished(Exchange now, boolean reusable) {
    exchange = null;
    reader = null;
    if (reusable) {
      idleSince = System.nanoTime();
      client.keep(this);
    } else {
      close();
    }
    now.whole();
  }

  private void broken(Exchange now, IOException e) {
    var kind = Failures.kind(e);
    now.broken(kind, Failures.words(kind, e, client.origin()));
  }

  private void interest(boolean write) {
    need(key)
        .interestOps(write ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
  }

  /** Its exchange has ended without it. */
  void abandon() {
    exchange = null;
    close();
  }

  void close() {
    try {
      if (key != null) {
        key.cancel();
      }
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      // what is given up need not close well
    }
  }

  private static <T> T need(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("used before it was connected");
    }
    return part;
  }
}
