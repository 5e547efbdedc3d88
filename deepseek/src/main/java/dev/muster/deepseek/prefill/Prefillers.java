package dev.muster.deepseek.prefill;

import dev.muster.deepseek.wire.etcd.Registration;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The prefill workers that a decode worker knows. The one that owes it the fewest tokens gets the
 * next prompt; one that failed is left alone for a while. Safe for use by several threads.
 */
final class Prefillers {
  /** As a gateway leaves a worker alone. */
  private static final long LEFT_ALONE = Duration.ofSeconds(3).toNanos();

  private final LongSupplier nanos;
  private final Map<String, Known> known = new LinkedHashMap<>();
  private long turn;

  private static final class Known {
    final Registration registration;
    long owed;
    long lastTurn;
    boolean failed;
    long failedAt;

    Known(Registration registration) {
      this.registration = registration;
    }
  }

  /** A prompt's place at a prefill worker. */
  final class Place implements AutoCloseable {
    private final Known at;
    private final int tokens;
    private final long owed;

    private Place(Known at, int tokens) {
      this.at = at;
      this.tokens = tokens;
      at.owed += tokens;
      at.lastTurn = ++turn;
      owed = at.owed;
    }

    String pod() {
      return at.registration.pod();
    }

    InetSocketAddress address() {
      return at.registration.socketAddress();
    }

    /** Tokens that it has to read until this prompt is read, as far as we know. */
    long owed() {
      return owed;
    }

    /** It is left alone for a while. */
    void failed() {
      synchronized (Prefillers.this) {
        at.failed = true;
        at.failedAt = nanos.getAsLong();
      }
    }

    @Override
    public void close() {
      synchronized (Prefillers.this) {
        at.owed -= tokens;
      }
    }
  }

  /**
   * @param nanos a clock that only rises
   */
  Prefillers(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Makes these, and no others, the known ones; one that changed is a new one. */
  synchronized void replace(Collection<Registration> registrations) {
    known
        .keySet()
        .retainAll(registrations.stream().map(Registration::pod).collect(Collectors.toSet()));
    for (var registration : registrations) {
      var before = known.get(registration.pod());
      if (before == null || !before.registration.equals(registration)) {
        known.put(registration.pod(), new Known(registration));
      }
    }
  }

  synchronized int size() {
    return known.size();
  }

  synchronized Optional<Place> take(Set<String> tried, int tokens) {
    var now = nanos.getAsLong();
    return known.values().stream()
        .filter(k -> !tried.contains(k.registration.pod()))
        .filter(k -> !k.failed || now - k.failedAt > LEFT_ALONE)
        .min(Comparator.<Known>comparingLong(k -> k.owed).thenComparingLong(k -> k.lastTurn))
        .map(k -> new Place(k, tokens));
  }
}
