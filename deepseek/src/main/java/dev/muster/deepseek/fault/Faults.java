package dev.muster.deepseek.fault;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The faults in force, at most one of each failure. One ends when it is told to, or by the clock:
 * whoever asks looks at it, so that no thread has to live for that.
 *
 * <p>Safe for use by several threads; to ask costs one read of a field where there is none.
 */
public final class Faults {
  private final LongSupplier nanos;
  private final Log log;

  /** Replaced, never changed, under this object's lock. */
  private volatile Map<Failure, InForce> all = Map.of();

  /**
   * A fault that has begun.
   *
   * @param end by the clock in nanoseconds
   * @param affected what it harmed so far: answers, loads, pages of health
   */
  public record InForce(Fault fault, long end, AtomicLong affected) {
    /** One more was harmed. */
    public void harmed() {
      affected.incrementAndGet();
    }
  }

  /**
   * @param nanos a clock that only rises, in nanoseconds
   */
  public Faults(LongSupplier nanos, Log log) {
    this.nanos = nanos;
    this.log = log;
  }

  /** Has the end of each fault in the log when it comes. */
  public void start() {
    Thread.ofPlatform().daemon().name("faults").start(this::run);
  }

  /**
   * Begins a fault. One with the same id and failure is renewed: it goes on with what it harmed,
   * and with all else as given now.
   *
   * @return whether it is new
   * @throws ApiError 409 if the id has another failure, or the failure another id
   */
  public synchronized boolean put(Fault fault) {
    look();
    for (var other : all.values()) {
      var one = other.fault();
      if (one.id().equals(fault.id()) != (one.failure() == fault.failure())) {
        throw ApiError.conflict(
            "The fault %s has the failure %s: end it first."
                .formatted(one.id(), one.failure().word()));
      }
    }
    var before = all.get(fault.failure());
    var next = copy();
    next.put(
        fault.failure(),
        new InForce(
            fault,
            nanos.getAsLong() + fault.ttl().toNanos(),
            before == null ? new AtomicLong() : before.affected()));
    all = next;
    tell(before == null ? "fault begun" : "fault renewed", fault, "ttl_ms", fault.ttl().toMillis());
    notifyAll();
    return before == null;
  }

  /**
   * @return false if there is none with this id
   */
  public synchronized boolean end(String id) {
    look();
    var found = all.values().stream().filter(f -> f.fault().id().equals(id)).findFirst();
    found.ifPresent(f -> over(f, "deleted"));
    return found.isPresent();
  }

  /** Ordered by their failures. */
  public synchronized Collection<InForce> all() {
    look();
    return List.copyOf(all.values());
  }

  /** The one that has it fail so now. */
  public Optional<InForce> of(Failure failure) {
    var found = all.get(failure);
    return found == null || left(found) <= 0 ? Optional.empty() : Optional.of(found);
  }

  /** How many times as long something takes; 1 where nothing slows it. */
  public double factor(Failure failure) {
    return of(failure).map(f -> f.fault().factor()).orElse(1.0);
  }

  /** Waits for a fault with one of these failures that has harmed nothing yet. */
  public synchronized void awaitUnused(Set<Failure> any) throws InterruptedException {
    while (any.stream().flatMap(f -> of(f).stream()).noneMatch(f -> f.affected().get() == 0)) {
      wait();
    }
  }

  /** Nanoseconds until its end. */
  long left(InForce fault) {
    return fault.end() - nanos.getAsLong();
  }

  private EnumMap<Failure, InForce> copy() {
    var copy = new EnumMap<Failure, InForce>(Failure.class);
    copy.putAll(all);
    return copy;
  }

  private void look() {
    for (var fault : new ArrayList<>(all.values())) {
      if (left(fault) <= 0) {
        over(fault, "ttl");
      }
    }
  }

  private void over(InForce ended, String reason) {
    var next = copy();
    next.remove(ended.fault().failure());
    all = next;
    tell("fault over", ended.fault(), "reason", reason, "affected", ended.affected().get());
  }

  private void tell(String what, Fault fault, Object... more) {
    var fields =
        new ArrayList<Object>(List.of("fault", fault.id(), "failure", fault.failure().word()));
    fields.addAll(List.of(more));
    log.info(what, fields.toArray());
  }

  private synchronized void run() {
    try {
      while (true) {
        look();
        var next = all.values().stream().mapToLong(this::left).min().orElse(Long.MAX_VALUE);
        wait(Math.max(0, Duration.ofNanos(next).toMillis()) + 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
