package dev.muster.deepseek.api.fleet;

import dev.muster.deepseek.wire.etcd.Registration;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a gateway knows of one worker. Its fleet guards it, but for its pace and progress, which any
 * thread may tell.
 */
final class Member {
  private static final int MOST_DOUBLINGS = 3;

  /** A share below this would take for ever to show whether the worker is warm. */
  private static final double LEAST_SHARE = 0.1;

  /** How long a worker that said "full" is not asked, and how slowly it is trusted with more. */
  private static final long FULL = Duration.ofMillis(500).toNanos();

  private static final double MORE_EACH = 1e9;

  private final Registration registration;
  private final Pace pace = new Pace();
  private final AtomicLong tokens = new AtomicLong();
  private volatile long progressed;
  private volatile long silentSince;
  private long since;
  private int inFlight;
  private int waiting;
  private long unread;
  private int failures;
  private long ejectedUntil;
  private boolean probed;
  private long lastTurn;
  private double limit = Double.POSITIVE_INFINITY;
  private long limited;

  Member(Registration registration, long now) {
    this.registration = registration;
    since = now;
    progressed = now;
    silentSince = now;
  }

  Registration registration() {
    return registration;
  }

  String pod() {
    return registration.pod();
  }

  Pace pace() {
    return pace;
  }

  /** When it last sent a token to anybody. */
  long progressed() {
    return progressed;
  }

  void progressed(long now) {
    progressed = now;
  }

  /** When it was last found to be silent; its first sight where it never was. */
  long silentSince() {
    return silentSince;
  }

  void silent(long now) {
    silentSince = now;
  }

  /** Tokens that it still owes us. */
  long outstanding() {
    return tokens.get();
  }

  void owes(long more) {
    tokens.addAndGet(more);
  }

  /** Prompt tokens of our requests that it has not answered with a first token. */
  long unread() {
    return unread;
  }

  int inFlight() {
    return inFlight;
  }

  long lastTurn() {
    return lastTurn;
  }

  long ejectedUntil() {
    return ejectedUntil;
  }

  boolean trusted() {
    return failures == 0;
  }

  boolean ejected(long now) {
    return failures > 0 && ejectedUntil - now > 0;
  }

  boolean toBeProbed(long now) {
    return failures > 0 && !probed && !ejected(now);
  }

  void probe(boolean running) {
    probed = running;
  }

  /** Whether it takes one more without making it wait behind many. */
  boolean hasRoom(Fleet.Bounds bounds, long now) {
    return waiting < bounds.workerQueue()
        && (bounds.maxInFlight() == 0 || inFlight < bounds.maxInFlight())
        && inFlight + 1 <= limit(now)
        && !saidFull(now);
  }

  boolean saidFull(long now) {
    return limit < Double.POSITIVE_INFINITY && now - limited < FULL;
  }

  private double limit(long now) {
    return limit + (now - limited) / MORE_EACH;
  }

  /** It refused one for want of room: it has as many as it takes of us. */
  void full(long now) {
    limit = Math.max(1, inFlight - 1);
    limited = now;
  }

  /** The share of a warm worker's load that it gets, as in Envoy's slow start. */
  double weight(Duration window, long now) {
    return Math.clamp((now - since) / (double) Math.max(1, window.toNanos()), LEAST_SHARE, 1);
  }

  void enter(Demand demand, long turn) {
    inFlight++;
    waiting++;
    unread += demand.prompt();
    owes(demand.cost());
    lastTurn = turn;
  }

  void firstToken(Demand demand) {
    waiting--;
    unread -= demand.prompt();
  }

  void leave() {
    inFlight--;
  }

  /** One that was away is as cold as a new one. */
  void succeeded(long now) {
    if (failures > 0) {
      failures = 0;
      since = now;
    }
  }

  /** Whether it is new that it is left alone. */
  boolean failed(Duration eject, long now) {
    // All streams of a lost worker fail together; that is one failure
    if (ejected(now)) {
      return false;
    }
    ejectedUntil = now + eject.toNanos() * (1L << Math.min(failures, MOST_DOUBLINGS));
    failures++;
    return true;
  }
}
