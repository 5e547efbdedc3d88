package dev.muster.deepseek.api.fleet;

import java.util.function.LongSupplier;

/**
 * Until when one attempt waits for its worker. Tokens are progress, comments are not: a worker that
 * is stuck still sends them. What the worker does for other requests of ours is progress too, since
 * one that is saturated answers late, but it answers somebody.
 *
 * <p>One thread uses it.
 */
final class Silence {
  private final Patience patience;
  private final Member worker;
  private final LongSupplier fellows;
  private final LongSupplier nanos;
  private final long prompts;
  private final long begin;
  private long life; // the last that came, or was passed on
  private boolean comments;
  private boolean tokens;

  /**
   * @param fellows the p99 gap of other workers, for one of which too little is known
   * @param prompts tokens that the worker has to read before its first
   */
  Silence(
      Patience patience, Member worker, LongSupplier fellows, LongSupplier nanos, long prompts) {
    this.patience = patience;
    this.worker = worker;
    this.fellows = fellows;
    this.nanos = nanos;
    this.prompts = prompts;
    begin = nanos.getAsLong();
    life = begin;
  }

  void comment() {
    comments = true;
    if (!tokens) {
      life = nanos.getAsLong();
    }
  }

  void token() {
    var now = nanos.getAsLong();
    if (tokens) {
      worker.pace().gap(now - life);
    }
    tokens = true;
    life = now;
    worker.progressed(now);
  }

  /** The client has it; how long that took is not the worker's doing. */
  void passedOn() {
    life = nanos.getAsLong();
  }

  /** When it is lost, if nothing comes: asked anew once that time is there. */
  long deadline() {
    return tokens ? betweenTokens() : beforeFirst();
  }

  /** Whether the worker goes on with other requests, so that only this one is stuck. */
  boolean othersGoOn() {
    var bound = tokens ? bound() : patience.toFirstToken(0, false);
    return worker.progressed() - life > 0 && nanos.getAsLong() - worker.progressed() < bound;
  }

  private long beforeFirst() {
    var own = begin + patience.toFirstToken(prompts, comments);
    var others = worker.progressed() + patience.toFirstToken(0, false);
    var all = earlier(later(own, others), begin + patience.request().toNanos());
    if (worker.silentSince() - life > 0 && worker.silentSince() - worker.progressed() > 0) {
      // Others have waited for it long enough, so that this one needs to wait no longer than they
      all = earlier(all, later(worker.silentSince(), life + bound()));
    }
    return comments ? earlier(all, life + patience.betweenComments()) : all;
  }

  private long betweenTokens() {
    return earlier(later(life, worker.progressed()) + bound(), life + patience.standing());
  }

  private long bound() {
    var own = worker.pace().p99();
    return patience.betweenTokens(own == 0 ? fellows.getAsLong() : own);
  }

  private static long later(long a, long b) {
    return a - b > 0 ? a : b;
  }

  private static long earlier(long a, long b) {
    return a - b < 0 ? a : b;
  }
}
