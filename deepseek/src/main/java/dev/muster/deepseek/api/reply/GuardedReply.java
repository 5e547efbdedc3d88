package dev.muster.deepseek.api.reply;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.chat.Chunk;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * A reply of the thread that makes it, looked after by others: its client gets signs of life
 * whether or not a worker gives any, and is told where this gateway shuts down. What is written
 * does not mix.
 */
public final class GuardedReply implements Reply {
  private final Reply reply;
  private final BooleanSupplier left;
  private final LongSupplier nanos;
  private final Thread thread = Thread.currentThread();
  private final ReentrantLock writing = new ReentrantLock();
  private final long begin;
  private volatile long wrote;
  private volatile boolean draining;
  private volatile boolean gone;
  private volatile boolean over;
  private String lastId = "";

  /**
   * @param left whether its client is gone
   * @param nanos a clock that only rises, in nanoseconds
   */
  GuardedReply(Reply reply, BooleanSupplier left, LongSupplier nanos) {
    this.reply = reply;
    this.left = left;
    this.nanos = nanos;
    begin = nanos.getAsLong();
    wrote = begin;
  }

  /**
   * Gives a sign of life, unless something was written within that time or is being written.
   *
   * @param patience how long the head is held back while nobody is known to answer: once it is
   *     sent, no error has a status of its own, and no client's library asks again
   */
  void keepAlive(long within, long patience) {
    if (over || gone || nanos.getAsLong() - wrote < within || !writing.tryLock()) {
      return;
    }
    try {
      wrote = nanos.getAsLong();
      if (!over && (reply.begun() || nanos.getAsLong() - begin >= patience)) {
        reply.alive();
      }
    } catch (ClientGone e) {
      gone = true;
      thread.interrupt();
    } finally {
      writing.unlock();
    }
  }

  /** Whether that would be of use. */
  boolean quiet(long within) {
    return !over && !gone && nanos.getAsLong() - wrote >= within;
  }

  /**
   * Ends it with a word, whatever its thread waits for. Not while that writes: an interrupt would
   * cut the connection.
   */
  void drain() {
    writing.lock();
    try {
      draining = true;
      if (!over) {
        thread.interrupt();
      }
    } finally {
      writing.unlock();
    }
  }

  /** Its thread has done with it. */
  void end() {
    last(() -> {});
  }

  @Override
  public void check() {
    if (gone || left.getAsBoolean()) {
      throw new ClientGone(new InterruptedException("it closed its connection"));
    }
    if (draining) {
      throw new Draining();
    }
  }

  @Override
  public void attempt(String pod, int attempts) {
    locked(() -> reply.attempt(pod, attempts));
  }

  @Override
  public void restart() {
    locked(reply::restart);
  }

  @Override
  public void alive() {
    locked(reply::alive);
  }

  @Override
  public void event(Chunk chunk, String id) {
    locked(() -> {
      wrote = nanos.getAsLong();
      reply.event(chunk, id);
      lastId = id;
    });
  }

  /** After the end there is nothing left, and it is no matter that the client leaves. */
  @Override
  public void flush() {
    if (!over) {
      locked(reply::flush);
    }
  }

  @Override
  public boolean begun() {
    return reply.begun();
  }

  @Override
  public boolean retryable() {
    return reply.retryable();
  }

  @Override
  public void finish() {
    last(reply::finish);
  }

  @Override
  public void fail(ApiError error) {
    last(() -> reply.fail(draining ? elsewhere() : error));
  }

  private ApiError elsewhere() {
    return ApiError.draining(
        "This gateway is shutting down. Send the same request again"
            + (lastId.isEmpty()
                ? "."
                : " with the header Last-Event-ID: "
                    + lastId
                    + " to get the rest of this answer."));
  }

  @Override
  public void cut() {
    last(reply::cut);
  }

  @Override
  public int status() {
    return reply.status();
  }

  private void last(Runnable write) {
    writing.lock();
    try {
      over = true;
      if (draining || gone) {
        Thread.interrupted(); // has done what it was for
      }
      write.run();
    } finally {
      writing.unlock();
    }
  }

  private void locked(Runnable write) {
    writing.lock();
    try {
      check();
      write.run();
    } finally {
      writing.unlock();
    }
  }
}
