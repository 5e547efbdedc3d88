package dev.muster.deepseek.api;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Clients that take an answer no longer: a write to them blocks for ever and has no timeout. After
 * a bound their connection is closed, which ends the write. Safe for use by several threads.
 */
final class SlowClients implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final long boundNanos;
  private final LongSupplier nanos;
  private final Set<Client> clients = ConcurrentHashMap.newKeySet();
  private final Thread looking =
      Thread.ofPlatform().daemon().name("slow-clients").unstarted(this::run);

  /** One client that is answered. */
  final class Client implements AutoCloseable {
    private final Runnable end;
    private volatile long since; // 0 while it is not waited for

    private Client(Runnable end) {
      this.end = end;
      clients.add(this);
    }

    void waitedFor() {
      since = nanos.getAsLong() | 1;
    }

    void came() {
      since = 0;
    }

    private void look(long now) {
      long from = since;
      if (from != 0 && now - from > boundNanos) {
        end.run();
      }
    }

    @Override
    public void close() {
      clients.remove(this);
    }
  }

  /**
   * @param bound of one write
   * @param nanos a clock that only rises, in nanoseconds
   */
  SlowClients(Duration bound, LongSupplier nanos) {
    boundNanos = bound.toNanos();
    this.nanos = nanos;
  }

  void start() {
    looking.start();
  }

  /**
   * To be closed when it was told all.
   *
   * @param end closes its connection
   */
  Client client(Runnable end) {
    return new Client(end);
  }

  void look() {
    long now = nanos.getAsLong();
    clients.forEach(client -> client.look(now));
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

  @Override
  public void close() {
    looking.interrupt();
  }
}
