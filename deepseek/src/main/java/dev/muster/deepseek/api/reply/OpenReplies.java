package dev.muster.deepseek.api.reply;

import dev.muster.deepseek.wire.Drain;
import dev.muster.deepseek.wire.http.ClientConnection;
import dev.muster.deepseek.wire.http.EventLoop;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** All replies under way, and the timer of their signs of life. Safe for use by several threads. */
public final class OpenReplies implements AutoCloseable {
  private static final long SIGN_OF_LIFE = Duration.ofSeconds(1).toNanos();
  private static final Duration LOOK = Duration.ofMillis(200);

  private final long patience;
  private final LongSupplier nanos;
  private final Set<GuardedReply> open = ConcurrentHashMap.newKeySet();
  private volatile boolean givingAway;
  private final Thread looking =
      Thread.ofPlatform().daemon().name("keep-alive").unstarted(this::run);

  /**
   * @param patience of a client whose answer nobody is known to be at, before its first sign of
   *     life
   * @param nanos a clock that only rises, in nanoseconds
   */
  public OpenReplies(Duration patience, LongSupplier nanos) {
    this.patience = patience.toNanos();
    this.nanos = nanos;
  }

  public void start() {
    looking.start();
  }

  public GuardedReply open(Reply reply, ClientConnection.Answering client) {
    var guarded = new GuardedReply(reply, client::left, nanos);
    open.add(guarded);
    if (givingAway) {
      guarded.drain(); // it came too late to be among those that are told
    }
    return guarded;
  }

  /** To be called by the thread of the reply. */
  public void over(GuardedReply reply) {
    open.remove(reply);
    reply.end();
  }

  /** Tells all that are still there, one after the other within that time, to go on elsewhere. */
  public void handOver(Duration within) throws InterruptedException {
    givingAway = true;
    Drain.evenly(open, reply -> Thread.ofVirtual().name("drain").start(reply::drain), within);
  }

  void look() {
    for (var reply : open) {
      if (reply.quiet(SIGN_OF_LIFE)) {
        // there, for a client that does not read must not block the others
        EventLoop.SHARED.execute(() -> reply.keepAlive(SIGN_OF_LIFE, patience));
      }
    }
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
