package dev.muster.deepseek.api.fleet;

import dev.muster.deepseek.wire.etcd.Registration;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The workers that this gateway knows, and which of them gets the next request. A worker that
 * failed is left alone for a while, doubling with each failure; afterwards it is probed, and once
 * it answers it gets its share little by little, as a new one does.
 *
 * <p>Safe for use by several threads.
 */
public final class Fleet {
  private final Bounds bounds;
  private final Patience patience;
  private final LongSupplier nanos;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private Runnable onRoom = () -> {};
  private long turn;
  private long ejections;

  /**
   * What a worker is given at most.
   *
   * @param eject how long it is left alone after its first failure
   * @param slowStart in which a new one comes to its whole share
   * @param workerQueue requests of ours that wait for their first token there
   * @param maxInFlight requests of ours in all; 0 means no limit
   */
  public record Bounds(Duration eject, Duration slowStart, int workerQueue, int maxInFlight) {}

  /**
   * @param nanos a clock that only rises, in nanoseconds
   */
  public Fleet(Bounds bounds, Patience patience, LongSupplier nanos) {
    this.bounds = bounds;
    this.patience = patience;
    this.nanos = nanos;
  }

  /** Told whenever a worker may take more than before. */
  synchronized void onRoom(Runnable listener) {
    onRoom = listener;
  }

  void room() {
    Runnable listener;
    synchronized (this) {
      listener = onRoom;
    }
    listener.run();
  }

  /** Makes these, and no others, the known workers. */
  void replace(Collection<Registration> registrations) {
    synchronized (this) {
      members
          .keySet()
          .retainAll(registrations.stream().map(Registration::pod).collect(Collectors.toSet()));
      var now = joining();
      registrations.forEach(r -> put(r, now));
    }
    room();
  }

  /** A changed registration is a new worker: it starts without a record of failures. */
  void put(Registration registration) {
    synchronized (this) {
      put(registration, joining());
    }
    room();
  }

  private void put(Registration registration, long since) {
    var known = members.get(registration.pod());
    if (known == null || !known.registration().equals(registration)) {
      members.put(registration.pod(), new Member(registration, since));
    }
  }

  /** Where no worker was known this gateway is new, and not the workers. */
  private long joining() {
    return nanos.getAsLong() - (members.isEmpty() ? bounds.slowStart().toNanos() : 0);
  }

  synchronized void remove(String pod) {
    members.remove(pod);
  }

  public synchronized List<String> pods() {
    return List.copyOf(members.keySet());
  }

  public synchronized int size() {
    return members.size();
  }

  /** Those that are left alone, or wait for their probe to succeed. */
  public synchronized int ejected() {
    return (int) members.values().stream().filter(m -> !m.trusted()).count();
  }

  public synchronized long ejections() {
    return ejections;
  }

  /** A place at the best worker that was not tried yet and has room. */
  synchronized Optional<Seat> take(Set<String> tried, Demand demand, boolean urgent) {
    var now = nanos.getAsLong();
    var open =
        eligible(tried).stream()
            .filter(m -> urgent ? !m.saidFull(now) : m.hasRoom(bounds, now))
            .map(m -> new Choice.Candidate(m, m.outstanding(), m.weight(bounds.slowStart(), now)))
            .toList();
    return Choice.of(open, demand).map(m -> seat(m, demand));
  }

  /** Whether {@link #take} may give a place later, where it gave none. */
  synchronized boolean worthWaiting(Set<String> tried) {
    return !eligible(tried).isEmpty();
  }

  /** A worker that is ejected is better than none, and the one that fails longest is the worst. */
  private List<Member> eligible(Set<String> tried) {
    var left = members.values().stream().filter(m -> !tried.contains(m.pod())).toList();
    var trusted = left.stream().filter(Member::trusted).toList();
    return trusted.isEmpty()
        ? left.stream()
            .min((a, b) -> Long.signum(a.ejectedUntil() - b.ejectedUntil()))
            .map(List::of)
            .orElse(List.of())
        : trusted;
  }

  /** Places for the probes of all workers that were left alone for long enough. */
  synchronized List<Seat> probes(Demand demand) {
    var now = nanos.getAsLong();
    var due = members.values().stream().filter(m -> m.toBeProbed(now)).toList();
    due.forEach(m -> m.probe(true));
    return due.stream().map(m -> seat(m, demand)).toList();
  }

  private Seat seat(Member member, Demand demand) {
    member.enter(demand, ++turn);
    var silence = new Silence(patience, member, this::pace, nanos, member.unread());
    return new Seat(this, member, demand, silence, nanos);
  }

  /** The widest p99 gap of the workers of which it is known. */
  private synchronized long pace() {
    return members.values().stream().mapToLong(m -> m.pace().p99()).max().orElse(0);
  }

  /** Leaves a worker alone for a while. */
  synchronized void eject(Member member) {
    if (member.failed(bounds.eject(), nanos.getAsLong())) {
      ejections++;
    }
  }
}
