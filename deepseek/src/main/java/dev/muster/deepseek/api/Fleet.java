package dev.muster.deepseek.api;

import dev.muster.deepseek.wire.Registration;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The workers that this gateway knows, and which of them gets the next request: the one with the
 * fewest requests of ours. A worker that failed is left alone for a while, doubling with each
 * failure; afterwards one request at a time tries it until it succeeds.
 *
 * <p>Safe for use by several threads.
 */
final class Fleet {
  private static final int MOST_DOUBLINGS = 3;

  private final Duration eject;
  private final LongSupplier nanos;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private long turn;
  private long ejections;

  private static final class Member {
    private final Registration registration;
    private int inFlight;
    private int failures;
    private long ejectedUntil;
    private long lastTurn;

    Member(Registration registration) {
      this.registration = registration;
    }

    boolean ejected(long now) {
      return failures > 0 && ejectedUntil - now > 0;
    }
  }

  /** One request's place at a worker; to be closed. */
  final class Seat implements AutoCloseable {
    private final Member member;

    private Seat(Member member) {
      this.member = member;
    }

    String pod() {
      return member.registration.pod();
    }

    InetSocketAddress address() {
      return member.registration.socketAddress();
    }

    /** The worker answers: whatever it did before is forgiven. */
    void succeeded() {
      synchronized (Fleet.this) {
        member.failures = 0;
      }
    }

    /** The worker is to be left alone for a while. */
    void failed() {
      synchronized (Fleet.this) {
        // All streams of a lost worker fail together; that is one failure
        if (!member.ejected(nanos.getAsLong())) {
          var factor = 1L << Math.min(member.failures, MOST_DOUBLINGS);
          member.failures++;
          member.ejectedUntil = nanos.getAsLong() + eject.toNanos() * factor;
          ejections++;
        }
      }
    }

    @Override
    public void close() {
      synchronized (Fleet.this) {
        member.inFlight--;
      }
    }
  }

  /**
   * @param eject how long a worker is left alone after its first failure
   * @param nanos a clock that only rises, in nanoseconds
   */
  Fleet(Duration eject, LongSupplier nanos) {
    this.eject = eject;
    this.nanos = nanos;
  }

  /** Makes these, and no others, the known workers. */
  synchronized void replace(Collection<Registration> registrations) {
    members
        .keySet()
        .retainAll(registrations.stream().map(Registration::pod).collect(Collectors.toSet()));
    registrations.forEach(this::put);
  }

  /** A changed registration is a new worker: it starts without a record of failures. */
  synchronized void put(Registration registration) {
    var known = members.get(registration.pod());
    if (known == null || !known.registration.equals(registration)) {
      members.put(registration.pod(), new Member(registration));
    }
  }

  synchronized void remove(String pod) {
    members.remove(pod);
  }

  synchronized List<String> pods() {
    return List.copyOf(members.keySet());
  }

  synchronized int size() {
    return members.size();
  }

  synchronized int ejected() {
    var now = nanos.getAsLong();
    return (int) members.values().stream().filter(m -> m.ejected(now)).count();
  }

  synchronized long ejections() {
    return ejections;
  }

  /**
   * A place at the best worker that was not tried yet; a worker that is ejected is better than
   * none.
   */
  synchronized Optional<Seat> take(Set<String> tried) {
    var now = nanos.getAsLong();
    var left = new ArrayList<>(members.values());
    left.removeIf(m -> tried.contains(m.registration.pod()));
    Predicate<Member> trusted = m -> m.failures == 0;
    Predicate<Member> onTrial = m -> !m.ejected(now) && m.inFlight == 0;
    var order = Comparator.<Member>comparingInt(m -> m.inFlight).thenComparingLong(m -> m.lastTurn);
    var best =
        left.stream()
            .filter(trusted.or(onTrial))
            .min(order)
            .or(() -> left.stream().min(Comparator.comparingLong(m -> m.ejectedUntil)));
    best.ifPresent(m -> {
      m.inFlight++;
      m.lastTurn = ++turn;
    });
    return best.map(Seat::new);
  }
}
